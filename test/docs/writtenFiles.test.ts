import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docFiles } from '../tidy/docFiles.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

/** What a documented command writes: where its output goes, or the file of its `--out`. */
const WRITTEN = /(?:(?<!-)>|--out) (?<file>[\w./-]+\.\w+)/g;

/** The files that the commands in a page's code write into the folder where they run. */
const writtenBy = (page: string): readonly string[] =>
  [...page.matchAll(/^```sh\n(?<code>.*?)^```$|`(?<inline>[^`\n]+)`/gms)].flatMap(({ groups }) =>
    [...(groups?.code ?? groups?.inline ?? '').matchAll(WRITTEN)].map((match) => match.groups?.file ?? ''),
  );

const isIgnored = async (file: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  execFile('git', ['check-ignore', '--quiet', file], { cwd: PROJECT_FOLDER }, (error) =>
    resolve(error === null),
  );
  return promise;
};

describe('a file that a documented command writes', () => {
  it('is found in a page', () => {
    const page =
      '```sh\ncurl -s http://a > one.json\n```\nRun `tally simulate --out two.json`, if a -> b.json.';

    expect(writtenBy(page)).toEqual(['one.json', 'two.json']);
  });

  it('is ignored by git, so that a newcomer’s tree stays clean', async () => {
    const files = [...new Set(docFiles.flatMap(({ text }) => writtenBy(text)))].filter(
      (file) => !file.startsWith('/'),
    );

    expect(files).toContain('answer.json');
    const seen = [];
    for (const file of files) if (!(await isIgnored(file))) seen.push(file);
    expect(seen).toEqual([]);
  });
});

import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { docFiles } from './docFiles.ts';
import { lineAt } from './lineAt.ts';
import { textOf, tree, type TextFile } from './tree.ts';

/** What looks like a file of the project: a path in backticks, or the name of a TypeScript file. */
const NAMED = /`(?<name>[^`\s]*(?:\/[^`\s]*\.(?:ts|md|json|cql|yml|mjs)|\.ts))(?::\d+)?`/g;
const LINE = /(?<name>[\w./-]+\.(?:ts|mjs|md|cql|json|yml)):(?<line>\d+)\b/g;

/**
 * The patterns of `functions/<name>/{index,handler}.ts`: one for each word in braces, `<…>` for any name.
 */
const patternsOf = (name: string): readonly RegExp[] => {
  const braces = /\{(?<words>[^{}]*)\}/.exec(name);
  if (braces !== null) {
    const words = (braces.groups?.words ?? '').split(',');
    return words.flatMap((word) => patternsOf(name.replace(braces[0], word)));
  }
  const pattern = name
    .replace(/[.+()[\]\\^$|?]/g, String.raw`\$&`)
    .replace(/\*\*\//g, '(?:.+/)?')
    .replace(/\*|<[^>]*>/g, '[^/]+');
  return [new RegExp(`^${pattern}$`)];
};

/** Files that a command makes: git does not know them, and .gitignore says so. */
const isMade = (name: string, gitignore: string): boolean =>
  gitignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('!'))
    .some((line) => name.startsWith(line) || patternsOf(line).every((pattern) => pattern.test(name)));

/** The files that a page names and that are neither in its own folder nor anywhere in the project. */
const missingFiles = (page: TextFile, paths: readonly string[], gitignore: string): readonly string[] =>
  [...page.text.matchAll(NAMED)].flatMap(({ index, groups }) => {
    const name = (groups?.name ?? '').replace(/^\.\//, '');
    if (/^[a-z]+:\/\//.test(name) || isMade(name, gitignore)) return [];
    const places = [join(dirname(page.path), name), `**/${name}`];
    const isThere = places.some((place) =>
      patternsOf(place).every((pattern) => paths.some((path) => pattern.test(path))),
    );
    return isThere ? [] : [`${page.path}:${lineAt(page.text, index)}: there is no file ${name}`];
  });

/** Blank, or nothing but a comment or a bracket: no page means such a line. */
const HOLDS_NOTHING = /^\s*(?:\/\/.*|\/?\*.*|[\])};,]*)$/;

/** References such as `broker.ts:120` to a line that is not there, or that holds no code. */
const missingLines = (page: TextFile, files: readonly TextFile[]): readonly string[] =>
  [...page.text.matchAll(LINE)].flatMap(({ index, groups }) => {
    const [name = '', line = ''] = [groups?.name, groups?.line];
    const named = files.filter(({ path }) => path === name || path.endsWith(`/${name}`));
    const lines = named.map(({ text }) => text.split('\n')[Number(line) - 1]);
    if (lines.some((code) => code !== undefined && !HOLDS_NOTHING.test(code))) return [];
    const why = named.length === 0 ? `there is no file ${name}` : `${name} has no code in line ${line}`;
    return [`${page.path}:${lineAt(page.text, index)}: ${why}`];
  });

const PATHS = [
  'functions/onOrder/index.ts',
  'functions/onOrder/handler.ts',
  'docs/adr/0001-one.md',
  'cli/up.ts',
];
const page = (text: string): TextFile => ({ path: 'docs/a.md', text });

describe('a file that a page names', () => {
  it.each([
    '`cli/up.ts`',
    '`up.ts`',
    '`functions/<name>/handler.ts`',
    '`functions/onOrder/{index,handler}.ts`',
    '`docs/**/*.md`',
    '`adr/0001-one.md`, from its own folder',
    '`dist/onOrder.ts`, which a command makes',
    '`https://example.com/gone.md`',
    'cli/gone.ts without backticks, and `gone.json` without a folder',
  ])('is there, or need not be: %s', (text) => {
    expect(missingFiles(page(text), PATHS, 'dist/\n')).toEqual([]);
  });

  it.each([
    'cli/gone.ts',
    'gone.ts',
    'functions/onOrder/{index,decide}.ts',
    'functions/up.ts',
    'docs/adr/*.json',
  ])('is missed: %s', (name) => {
    expect(missingFiles(page(`one\n\`${name}\``), PATHS, 'dist/\n')).toEqual([
      `docs/a.md:2: there is no file ${name}`,
    ]);
  });
});

describe('a line that a page names', () => {
  const files = [{ path: 'cli/up.ts', text: 'one\n/** two */\nthree(\n' }];

  it.each([
    ['cli/up.ts:5', 'docs/a.md:2: cli/up.ts has no code in line 5'],
    ['up.ts:9', 'docs/a.md:2: up.ts has no code in line 9'],
    ['up.ts:2', 'docs/a.md:2: up.ts has no code in line 2'],
    ['gone.ts:1', 'docs/a.md:2: there is no file gone.ts'],
  ])('is missed: %s', (name, fault) => {
    expect(missingLines(page(`\n${name}`), files)).toEqual([fault]);
  });

  it('is there', () => {
    expect(missingLines(page('`up.ts:3`'), files)).toEqual([]);
  });
});

describe('the documentation', () => {
  it('names files that are there', () => {
    const paths = tree.map(({ path }) => path);
    const gitignore = textOf('.gitignore');

    expect(docFiles.flatMap((file) => missingFiles(file, paths, gitignore))).toEqual([]);
  });

  it('names lines that are there', () => {
    expect(docFiles.flatMap((file) => missingLines(file, tree))).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file of the checkout. Every rule is a function on these, so a test can also give it one that it made up.
 */
export interface TextFile {
  /** From the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

const PROJECT_FOLDER = join(import.meta.dirname, '../..');

const listFiles = (): readonly string[] =>
  // With new files that nobody has added yet; without what .gitignore names.
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT_FOLDER,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(PROJECT_FOLDER, path)));

/** Every file of the checkout, in the order of their paths. */
export const tree: readonly TextFile[] = listFiles()
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(PROJECT_FOLDER, path), 'utf8') }));

/** The files that the compiler or Node reads. */
export const codeFiles: readonly TextFile[] = tree.filter(({ path }) => /\.(?:ts|mjs)$/.test(path));

/** The text of one file. It is empty if there is no such file. */
export const textOf = (path: string): string => tree.find((file) => file.path === path)?.text ?? '';

import { describe, expect, it } from 'vitest';
import { applyExceptions, type Finding } from './applyExceptions.ts';
import { EXPORTS_WITHOUT_USER } from './exceptions.ts';
import { findExports } from './findExports.ts';
import { findImports, resolveImport } from './findImports.ts';
import { splitSource } from './splitSource.ts';
import { codeFiles, type TextFile } from './tree.ts';

const isTest = (path: string): boolean => path.startsWith('test/');

/** Tools read these, and the files that their settings name. */
const isConfig = (path: string): boolean => /\.config\.(?:ts|mjs)$/.test(path);

/**
 * Who imports `path#name`; `path#*` stands for all names. Tools take the default exports of the files that
 * their settings name.
 */
const usersOf = (files: readonly TextFile[]): ReadonlyMap<string, readonly string[]> => {
  const users = new Map<string, string[]>();
  const add = (file: string, name: string, user: string): void => {
    users.set(`${file}#${name}`, [...(users.get(`${file}#${name}`) ?? []), user]);
  };
  for (const { path, text } of files) {
    for (const one of findImports(text)) {
      const from = resolveImport(path, one);
      if (from !== undefined) for (const name of one.names) add(from, name, path);
    }
    const named = isConfig(path) ? text.matchAll(/'(?:\.\/)?(?<file>[\w./-]+\.ts)'/g) : [];
    for (const { groups } of named) add(groups?.file ?? '', 'default', path);
  }
  return users;
};

/**
 * The exports that no other file imports. An import by a test counts where the exporting file itself uses the
 * symbol too.
 */
const withoutUser = (files: readonly TextFile[]): readonly Finding[] => {
  const users = usersOf(files);
  return files
    .filter(({ path }) => !path.endsWith('.d.ts'))
    .flatMap(({ path, text }) =>
      findExports(text).flatMap(({ name, line }) => {
        if (name === 'default' && isConfig(path)) return [];
        const importers = [...(users.get(`${path}#${name}`) ?? []), ...(users.get(`${path}#*`) ?? [])];
        const key = `${path} ${name}`;
        if (importers.length === 0) {
          return [{ key, fault: `${path}:${line}: nobody imports ${name}: export it when somebody does` }];
        }
        const isForTests = !isTest(path) && importers.every(isTest) && timesIn(text, name) === 1;
        const fault = `${path}:${line}: only tests use ${name}: move it to the tests or take it out`;
        return isForTests ? [{ key, fault }] : [];
      }),
    );
};

const timesIn = (text: string, name: string): number =>
  [...splitSource(text).code.matchAll(/[\w$]+/g)].filter(([word]) => word === name).length;

const file = (path: string, text: string): TextFile => ({ path, text });
const keys = (...files: readonly TextFile[]) => withoutUser(files).map(({ key }) => key);
const EXPORTER = file('a.ts', 'export const used = 1;\nexport interface Options {}\n');

describe('an export', () => {
  it('has no user when nobody imports it, a type no more than a value', () => {
    const user = file('b.ts', "import { used } from './a.ts';");

    expect(withoutUser([EXPORTER, user])).toEqual([
      { key: 'a.ts Options', fault: expect.stringContaining('a.ts:2: nobody imports Options') },
    ]);
  });

  it.each([
    ['by name', "import { used as other, type Options } from './a.ts';"],
    ['as a whole', "import * as all from './a.ts';"],
    ['by another export', "export { used, Options } from './a.ts';"],
    ['dynamically', "const { used, Options } = await import('./a.ts');"],
    ['dynamically, as a whole', "const all = await import('./a.ts');"],
  ])('has a user that imports it %s', (_how, text) => {
    const unused = keys(EXPORTER, file('b.ts', text));

    expect(unused.filter((key) => key.startsWith('a.ts '))).toEqual([]);
  });

  it('has none that only speaks of it in a comment or a string', () => {
    const user = file(
      'b.ts',
      "// import { used } from './a.ts';\nf(\"import { Options } from './a.ts'\");\n",
    );

    expect(keys(EXPORTER, user)).toEqual(['a.ts used', 'a.ts Options']);
  });

  it('of a function that only tests call must have a use in its own file', () => {
    const exporter = file('a.ts', 'export const once = 1; // once\nexport const twice = 2;\nf(twice);\n');
    const test = file('test/a.test.ts', "import { once, twice } from '../a.ts';");

    expect(withoutUser([exporter, test])).toEqual([
      { key: 'a.ts once', fault: expect.stringContaining('a.ts:1: only tests use once') },
    ]);
  });

  it('is there for a tool', () => {
    const config = file('vitest.config.ts', "export default { globalSetup: ['./test/setUp.ts'] };");

    expect(keys(config, file('test/setUp.ts', 'export default () => {};'))).toEqual([]);
  });
});

describe('every export', () => {
  it('has a user, or is on the list', () => {
    const faults = applyExceptions(withoutUser(codeFiles), 'EXPORTS_WITHOUT_USER', EXPORTS_WITHOUT_USER);

    expect(faults).toEqual([]);
  });
});

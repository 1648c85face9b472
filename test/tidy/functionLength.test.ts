import { describe, expect, it } from 'vitest';
import { type LongFunction, LONG_FUNCTIONS } from './exceptions.ts';
import { findFunctions } from './findFunctions.ts';
import { codeFiles, type TextFile } from './tree.ts';

const LINES_MAX = 70;

/** The callback of a `describe` is a list of tests, also in a contract that several test files run. */
const isDescribe = (name: string): boolean => /^describe(?:\.|$)/.test(name);

interface LongFunctionAt extends LongFunction {
  readonly line: number;
}

/** The functions that are too long. What they hold of `describe` callbacks does not count. */
const longFunctions = ({ path, text }: TextFile): readonly LongFunctionAt[] => {
  const functions = findFunctions(text);
  const lists = path.startsWith('test/') ? functions.filter(({ name }) => isDescribe(name)) : [];
  const outermost = lists.filter(
    (list) => !lists.some(({ line, lines }) => line < list.line && list.line < line + lines),
  );
  return functions
    .filter((one) => !lists.includes(one))
    .map(({ name, line, lines }) => {
      const inside = outermost.filter((list) => list.line >= line && list.line < line + lines);
      const ownLines = inside.reduce((sum, list) => sum - list.lines, lines);
      return { file: path, function: name, line, lines: ownLines };
    })
    .filter(({ lines }) => lines > LINES_MAX);
};

const isSame = (a: LongFunction) => (b: LongFunction) => a.file === b.file && a.function === b.function;

/** Holds what is too long against the list of exceptions, which only shrinks. */
const faultsOf = (
  found: readonly LongFunctionAt[],
  exceptions: readonly LongFunction[],
): readonly string[] => {
  const grown = found.flatMap((long) => {
    const allowed = exceptions.find(isSame(long))?.lines ?? LINES_MAX;
    const place = `${long.file}:${long.line}: ${long.function} has ${long.lines} lines`;
    if (long.lines > allowed) return [`${place}, at most ${allowed} are allowed`];
    if (long.lines < allowed) return [`${place}, no longer ${allowed}: lower its number in exceptions.ts`];
    return [];
  });
  const gone = exceptions
    .filter((exception) => !found.some(isSame(exception)))
    .map(
      (exception) =>
        `test/tidy/exceptions.ts: ${exception.function} of ${exception.file} is gone or has at most ` +
        `${LINES_MAX} lines: take it off the list`,
    );
  return [...grown, ...gone];
};

const body = (lines: number): string => '  f();\n'.repeat(lines - 2);
const found = (text: string, path = 'made/up.ts') => longFunctions({ path, text });
const long = (lines: number): LongFunctionAt => ({ file: 'a.ts', function: 'f', line: 3, lines });

describe('the length of a function', () => {
  it.each([
    ['a declaration', `export function long() {\n${body(71)}}\n`],
    ['an arrow', `const long = async (a: string): Promise<{ a: string }> => {\n${body(71)}};\n`],
    ['an arrow that returns an arrow', `const long =\n  (a) =>\n  (b) => {\n${body(69)}};\n`],
    ['an arrow without braces', `const long = () => ({\n${body(71)}});\n`],
    ['a method', `class A {\n  long<T>(a: T): T {\n${body(71)}}\n}\n`],
    ['a property', `const a = {\n  long: (a) => {\n${body(71)}},\n};\n`],
    ['a function that returns one of a named type', `const long = (): ((a: A) => B) => {\n${body(71)}};\n`],
  ])('is counted in %s', (_what, text) => {
    expect(found(text)).toMatchObject([{ function: 'long', lines: 71 }]);
  });

  it.each([
    ['a function that is just short enough', `const f = () => {\n${body(70)}};\n`],
    ['a statement', `if (f(() => 1)) {\n${body(100)}}\n`],
    ['a class', `class A extends f(1) {\n${body(100)}}\n`.replace('f(1)', 'B')],
    ['braces in strings', `const f = () => {\n  return '{';\n};\n${body(100)}`],
  ])('does not speak against %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });

  it('leaves the callbacks of describe out, in tests alone', () => {
    const suite = `const suite = () => {\n${body(10)}describe('a', () => {\n${body(80)}});\n};\n`;

    expect(found(suite, 'test/a.test.ts')).toEqual([]);
    expect(found(suite)).toMatchObject([{ function: 'suite', lines: 90 }, { function: 'describe' }]);
  });
});

describe('the list of long functions', () => {
  it.each([
    ['a function that is not on it', [long(71)], [], 'a.ts:3: f has 71 lines, at most 70 are allowed'],
    ['one that grew', [long(82)], [long(81)], 'a.ts:3: f has 82 lines, at most 81 are allowed'],
    ['one that shrank', [long(80)], [long(81)], 'a.ts:3: f has 80 lines, no longer 81: lower its number'],
    ['one that is short now', [], [long(81)], 'f of a.ts is gone or has at most 70 lines: take it off'],
  ])('does not allow %s', (_what, functions, exceptions, fault) => {
    expect(faultsOf(functions, exceptions)).toEqual([expect.stringContaining(fault)]);
  });

  it('allows what is as long as it says', () => {
    expect(faultsOf([long(81)], [long(81)])).toEqual([]);
  });
});

describe('every function', () => {
  it('is short, or as long as the list says', () => {
    expect(faultsOf(codeFiles.flatMap(longFunctions), LONG_FUNCTIONS)).toEqual([]);
  });
});

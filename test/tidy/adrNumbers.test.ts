import { describe, expect, it } from 'vitest';
import { lineAt } from './lineAt.ts';
import { tree, type TextFile } from './tree.ts';

const ADR = /^docs\/adr\/(?<number>\d{4})-[a-z0-9-]+\.md$/;
/** A reference may be broken between two lines of a comment: `ADR`, a new line with its star, `7`. */
const REFERENCE =
  /\bADRs?(?:\s+(?:\*|\/\/)?\s*|-)0*(?<number>\d+)(?:(?:, | and | or )0*(?<second>\d+)\b(?! \w+s\b))?/g;
/** `[ADR 7](0007-….md)`, or the number alone in a table. */
const LINK = /\[(?:ADR )?(?<number>\d+)\]\([\w./-]*?(?<file>\d{4})-[\w-]+\.md\)/g;

const numberOf = (path: string): number => Number(ADR.exec(path)?.groups?.number);

/** What is wrong with the files of docs/adr/ themselves. */
const misnumbered = (files: readonly TextFile[]): readonly string[] => {
  const adrs = files.filter(({ path }) => path.startsWith('docs/adr/'));
  return adrs.flatMap(({ path, text }, index) => {
    if (!ADR.test(path)) return [`${path}:1: its name is not four digits, a dash, words with dashes, .md`];
    const [number, expected] = [numberOf(path), index + 1];
    const title = Number(/^# (?<number>\d+)\. /.exec(text)?.groups?.number);
    return [
      ...(number === expected
        ? []
        : [`${path}:1: has number ${number}, expected ${expected}: no holes, no doubles`]),
      ...(title === number ? [] : [`${path}:1: its title does not begin with "# ${number}. "`]),
    ];
  });
};

/** References to an ADR that is not there, and links whose text has another number than their file. */
const brokenReferences = (file: TextFile, numbers: readonly number[]): readonly string[] => {
  const at = ({ index }: RegExpExecArray): string => `${file.path}:${lineAt(file.text, index)}`;
  const references = [...file.text.matchAll(REFERENCE)].flatMap((match) =>
    [match.groups?.number, match.groups?.second]
      .filter((number) => number !== undefined)
      .filter((number) => !numbers.includes(Number(number)))
      .map((number) => `${at(match)}: there is no ADR ${number}, the last is ${Math.max(...numbers)}`),
  );
  const links = [...file.text.matchAll(LINK)]
    .filter(({ groups }) => Number(groups?.number) !== Number(groups?.file))
    .map(
      (match) =>
        `${at(match)}: the link's text is ADR ${match.groups?.number}, its file is ${match.groups?.file}`,
    );
  return [...references, ...links];
};

const adr = (name: string, text: string): TextFile => ({ path: `docs/adr/${name}.md`, text });
const found = (text: string) => brokenReferences({ path: 'a.ts', text }, [1, 2]);

describe('the numbers of ADRs', () => {
  const first = adr('0001-one', '# 1. One');

  it.each([
    [
      'a hole',
      [first, adr('0003-three', '# 3. Three')],
      'docs/adr/0003-three.md:1: has number 3, expected 2',
    ],
    ['a double', [first, adr('0001-two', '# 1. Two')], 'docs/adr/0001-two.md:1: has number 1, expected 2'],
    ['another start', [adr('0002-two', '# 2. Two')], 'docs/adr/0002-two.md:1: has number 2, expected 1'],
    ['a title with another number', [adr('0001-one', '# 2. One')], 'its title does not begin with "# 1. "'],
    ['a name without one', [first, adr('two', '# 2. Two')], 'docs/adr/two.md:1: its name is not four digits'],
  ])('do not allow %s', (_what, files, fault) => {
    expect(misnumbered(files)).toEqual([expect.stringContaining(fault)]);
  });

  it('follow each other', () => {
    expect(misnumbered([first, adr('0002-two', '# 2. Two')])).toEqual([]);
    expect(misnumbered(tree)).toEqual([]);
  });
});

describe('a reference to an ADR', () => {
  it.each([
    ['a number', 'f();\n// See ADR 7.'],
    ['the second of two', '\nADRs 1 and 7'],
    ['a number on the next line', '/**\n * Said in ADR\n * 7. */'],
  ])('is broken: %s', (_what, text) => {
    expect(found(text)).toEqual(['a.ts:2: there is no ADR 7, the last is 2']);
  });

  it('is wrong where its link leads to another', () => {
    expect(found('[ADR 1](docs/adr/0002-two.md)')).toEqual([
      "a.ts:1: the link's text is ADR 1, its file is 0002",
    ]);
  });

  it.each(['ADR 1', 'ADRs 1 and 2', 'ADR 2 and 7 others', 'an ADR: 7 pages', '[2](adr/0002-two.md)'])(
    'is right: %s',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );

  it('names one that is there', () => {
    const numbers = tree.filter(({ path }) => ADR.test(path)).map(({ path }) => numberOf(path));
    // This folder's own examples are wrong on purpose.
    const files = tree.filter(({ path }) => !path.startsWith('test/tidy/'));

    expect(files.flatMap((file) => brokenReferences(file, numbers))).toEqual([]);
  });
});

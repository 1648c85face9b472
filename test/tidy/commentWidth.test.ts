import { describe, expect, it } from 'vitest';
import { splitSource } from './splitSource.ts';
import { codeFiles, type TextFile } from './tree.ts';

/** The formatter's width, which `.editorconfig` has. The formatter does not wrap comments. */
const COLUMNS_MAX = 110;

/** The lines that hold a comment and are too wide. */
const tooWide = ({ path, text }: TextFile): readonly string[] => {
  const comments = splitSource(text).comments.split('\n');
  return text.split('\n').flatMap((line, index) => {
    const columns = Array.from(line).length;
    const isComment = comments[index]?.trim() !== '';
    if (!isComment || columns <= COLUMNS_MAX) return [];
    return [`${path}:${index + 1}: a comment of ${columns} columns, at most ${COLUMNS_MAX} are allowed`];
  });
};

const wide = (columns: number): string => 'x'.repeat(columns);
const found = (text: string) => tooWide({ path: 'made/up.ts', text });

describe('a comment', () => {
  it.each([
    ['after //', `// ${wide(108)}`],
    ['in a block', `/*\n * ${wide(108)}\n */`],
    ['beside code', `f(); // ${wide(103)}`],
  ])('is too wide %s', (_where, text) => {
    expect(found(text)).toEqual([expect.stringMatching(/^made\/up\.ts:[12]: a comment of 111 columns/)]);
  });

  it.each([
    ['that is just as wide as the code', `// ${wide(107)}`],
    ['in a string, where it is none', `f('// ${wide(120)}')`],
    ['in a template, where it is none', `f(\`\n// ${wide(120)}\n\`)`],
  ])('is allowed %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('every comment', () => {
  it('is as narrow as the code', () => {
    expect(codeFiles.flatMap(tooWide)).toEqual([]);
  });
});

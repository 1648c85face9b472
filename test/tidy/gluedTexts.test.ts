import { describe, expect, it } from 'vitest';
import { codeFiles, type TextFile } from './tree.ts';

const INLINE = 'a|b|code|i|kbd|small|span';
/** A text at the end of a line. A line that begins like a statement or a comment is none of a template. */
const TEXT_ENDS = /^(?!\s*(?:\/\/|\*|\/\*)).*[\w.:,;)%]$/;
/** A value, unless one of its texts begins with the space. */
const BEGINS_INLINE = new RegExp(String.raw`^\s*(?:\$\{(?!.*[?:] ['\`] )|<(?:${INLINE})\b)`);
const VALUE_ENDS = new RegExp(String.raw`(?:</(?:${INLINE})>|<//>|\$\{[^{}]*\})$`);
/** Two words: one alone is the name of an attribute. */
const TEXT_BEGINS = /^\s*[A-Za-z(][\w’'-]*[,.]? [a-z]/;
/** The verdict of a run: a mark and its sentence, on one line. */
const MARK_ENDS = /<\/b><\/\/>$/;

/**
 * Where the markup of the page has a space in the source only: htm drops a line break that stands between a
 * text and a value or a tag. In a sentence, `${' '}` keeps the space.
 */
const gluedIn = ({ path, text }: TextFile): readonly string[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const next = lines[index + 1] ?? '';
    const isGlued =
      (TEXT_ENDS.test(line) && BEGINS_INLINE.test(next)) ||
      (VALUE_ENDS.test(line) && TEXT_BEGINS.test(next)) ||
      (MARK_ENDS.test(line) && /^\s*\$\{(?!` )/.test(next));
    return isGlued ? [`${path}:${index + 1}: ${line.trim().slice(-30)}|${next.trim().slice(0, 30)}`] : [];
  });
};

const found = (...lines: readonly string[]) => gluedIn({ path: 'made/up.ts', text: lines.join('\n') });

describe('a text of the page', () => {
  it.each([
    ['before a value', ['  Shares are from 0 to 1.', "  ${isShop ? 'A seed is drawn.' : ''}"]],
    ['before a tag', ['  messages a second, from', '  <code>shared/topology.ts</code>']],
    ['behind a tag', ['  <b>Agrees.</b>', '  All messages ended as expected.']],
    ['behind a value', ['  <p>${count}', '  of them are left']],
    ['behind a mark', ['  <b>${word}</b><//>', '  ${sentence}']],
  ])('is glued to what stands on the other line %s', (_where, lines) => {
    expect(found(...lines)).toEqual([expect.stringContaining('made/up.ts:1: ')]);
  });

  it.each([
    ['with a space of its own', ['  is stopped.', "  ${isLocal ? ' Pub/Sub keeps it.' : ''}"]],
    ['with a space as a value', ["  Shares are from 0 to 1.${' '}", "  ${'A seed is drawn.'}"]],
    ['that is a block', ['  <p>one</p>', '  ${two}']],
    ['in a comment', ['  // From here on,', '  ${one}']],
  ])('is not %s', (_where, lines) => {
    expect(found(...lines)).toEqual([]);
  });
});

it('no text of the page is glued to another', () => {
  expect(codeFiles.filter(({ path }) => path.startsWith('console/page/')).flatMap(gluedIn)).toEqual([]);
});

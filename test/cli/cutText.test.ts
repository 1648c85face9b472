import { describe, expect, it } from 'vitest';
import { cutText } from '../../cli/cutText.ts';

describe('a line that must not wrap', () => {
  it('is cut with a mark, and leaves the last column empty', () => {
    expect(cutText('abcdef', 6)).toBe('abcd…');
    expect(cutText('abcdef', 7)).toBe('abcdef');
  });

  it('does not show a card number that only the cut makes of longer digits', () => {
    expect(cutText('41111111111111110000', 18)).toBe('************1111…');
  });

  it('has at most 500 characters where no terminal says how wide it is', () => {
    expect(cutText('a'.repeat(499))).toHaveLength(499);
    expect(cutText('a'.repeat(500))).toBe(`${'a'.repeat(498)}…`);
  });
});

import { describe, expect, it } from 'vitest';
import { wrapText } from '../../cli/wrapText.ts';

describe('a text on a terminal', () => {
  it('is broken between words, and its further lines are indented', () => {
    expect(wrapText('one two three four', 11, 2)).toBe('one two\n  three\n  four');
  });

  it('leaves the last column empty', () => {
    expect(wrapText('one two', 8)).toBe('one two');
    expect(wrapText('one two', 7)).toBe('one\ntwo');
  });

  it('keeps a word that is longer than a line, and the line breaks and blanks that it has', () => {
    expect(wrapText('see /a/long/path\n  then go', 8)).toBe('see\n/a/long/path\n  then\ngo');
  });

  it.each([undefined, 0])('is as it was where the width is %s', (columns) => {
    expect(wrapText('one two', columns)).toBe('one two');
  });
});

import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozenMask } from '../../../shared/masking/frozenMask.ts';
import { createStream } from '../../../functions/simulate/random.ts';
import { meanText } from '../../../proof/fuzz/judge/cardOracle.ts';

const SIGNS = ['', ' ', '-', '  ', ' - ', '\u00a0', '\u200b', '.', 'x', '\n', '\u2212'] as const;

/** Groups of digits with signs between them. Every tenth number of 13 to 19 digits passes the Luhn check. */
const seededText = (nth: number): string => {
  const random = createStream(1, 8, nth);
  const groups = Array.from({ length: random.integer(1, 9) }, () => {
    const digits = Array.from({ length: random.pick([1, 2, 4, 4, 5, 6, 13, 16, 19]) }, () =>
      random.integer(0, 9),
    );
    return digits.join('') + random.pick(SIGNS);
  });
  return groups.join('');
};

describe('frozenMask', () => {
  it.each([
    ['plain', '4111111111111111', '************1111'],
    ['with spaces', '4111 1111 1111 1111', '**** **** **** 1111'],
    ['with dashes', '4111-1111-1111-1111', '****-****-****-1111'],
    ['with wide gaps', '4111 - 1111 - 1111 - 1111', '**** - **** - **** - 1111'],
    ['with no-break spaces', '4111\u00a01111\u00a01111\u00a01111', '****\u00a0****\u00a0****\u00a01111'],
    ['with thin spaces', '4111\u20091111\u20091111\u20091111', '****\u2009****\u2009****\u20091111'],
    ['with en dashes', '4111–1111–1111–1111', '****–****–****–1111'],
    ['with minus signs', '4111−1111−1111−1111', '****−****−****−1111'],
    ['with zero-width spaces', '4111\u200b1111\u200b11111111', '****\u200b****\u200b****1111'],
    ['over several lines', '4111\n1111\r\n1111\n1111', '****\n****\r\n****\n1111'],
    ['digit by digit', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '* * * * * * * * * * * * 1 1 1 1'],
    [
      'of 19 digits, digit by digit',
      '3 8 2 4 2 8 4 1 5 5 1 6 2 4 3 0 9 9 4',
      '* * * * * * * * * * * * * * * 0 9 9 4',
    ],
    ['with a last group of three', '3782 822463 10005', '**** ****** *0005'],
    ['whose last four span two groups', '411111111111 11 11', '************ 11 11'],
    ['of 13 digits', '4222222222222', '*********2222'],
    ['of 19 digits', '6304000000000000000', '***************0000'],
    ['inside a sentence', 'card 4111111111111111, please', 'card ************1111, please'],
    ['between letters', 'x4111111111111111y', 'x************1111y'],
    ['after another group of digits', '2 4111 1111 1111 1111', '2 **** **** **** 1111'],
    ['before another group of digits', '4111 1111 1111 1111 12', '**** **** **** 1111 12'],
    [
      'before digits that stand apart, though with them it is another one',
      '4111111111111111x34',
      '************1111x34',
    ],
    ['that overlaps a later one', '4111 1111 1111 1111 7007', '**** **** **** 1111 7007'],
    ['twice', '4111111111111111 5500005555555559', '************1111 ************5559'],
  ])('masks a card number %s', (_how, text, masked) => {
    const result = frozenMask(text);

    expect(result).toBe(masked);
  });

  it.each([
    ['empty', ''],
    ['without digits', 'Laptop'],
    ['with a wrong check digit', '4111111111111112'],
    ['with twelve digits', '411111111117'],
    ['with twenty digits in one piece', '41111111111111111110'],
    ['with the digits too far apart', '4111    1111    1111    1111'],
    ['with only the last digits too far apart', '4111 1111 1111 1    111'],
    ['with the digits apart by other signs', '4111.1111.1111.1111'],
    ['with more digits one by one than any card number has', '1 '.repeat(40)],
    ['with the last four alone', '************1111'],
    ['with an impossible time', '2024-01-21T500:01:30Z'],
  ])('leaves a text %s as it is', (_how, text) => {
    const result = frozenMask(text);

    expect(result).toBe(text);
  });

  it('masks the longest number that ends at a digit, so that no start of it is left', () => {
    const cardWithinCard = '000 4111111111111111';

    const result = frozenMask(cardWithinCard);

    expect(result).toBe('*** ************1111');
  });

  it('gives for ever what it gave first, or every event would get a second id', () => {
    const hash = createHash('sha256');
    for (let nth = 0; nth < 20_000; nth += 1) hash.update(`${frozenMask(seededText(nth))}\0`);

    expect(hash.digest('hex')).toBe('92ed9f9ffdcd369800d294a7855a65844ccef2643b6404e75ac478d2ec3456eb');
  });

  it('changes nothing when it masks a second time', () => {
    fc.assert(
      fc.property(meanText(), (text) => {
        const once = frozenMask(text);

        expect(frozenMask(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('replaces digits by stars and nothing else', () => {
    fc.assert(
      fc.property(meanText(), (text) => {
        const result = frozenMask(text);

        expect(result).toHaveLength(text.length);
        expect(result.split('').every((sign, at) => sign === '*' || sign === text[at])).toBe(true);
        expect(result.replaceAll(/[0-9*]/g, '')).toBe(text.replaceAll(/[0-9*]/g, ''));
      }),
    );
  });

  it.each([
    ['starts it', '2841 9945 6650 0867 646', '**** **** **** ***7 646'],
    ['is the middle of it', '4 7 5 5 5 0 4 9 6 6 1 8 4 3 4 8 2 1 5', '* * * * * * * * * * * * * * * 8 2 1 5'],
  ])('masks the whole of a card number when a shorter one %s', (_where, text, masked) => {
    const result = frozenMask(text);

    expect(result).toBe(masked);
  });
});

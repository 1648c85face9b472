import * as fc from 'fast-check';

/**
 * An oracle for I8, independent of the product's code: which card numbers an issuer would issue, and how they
 * are printed on cards.
 */

/** The first six digits from and to, and the lengths of the numbers that begin so. */
type Range = readonly [from: number, to: number, lengths: readonly number[]];

const RANGES: readonly Range[] = [
  /* Visa */ [400_000, 499_999, [16, 19]],
  /* Mastercard */ [510_000, 559_999, [16]],
  [222_100, 272_099, [16]],
  /* American Express */ [340_000, 349_999, [15]],
  [370_000, 379_999, [15]],
  /* Discover */ [601_100, 601_199, [16, 19]],
  [644_000, 659_999, [16, 19]],
  /* Diners Club */ [300_000, 305_999, [14, 16]],
  [309_500, 309_599, [14, 16]],
  [360_000, 369_999, [14, 16]],
  [380_000, 399_999, [14, 16]],
  /* JCB */ [352_800, 358_999, [16, 19]],
  /* UnionPay */ [620_000, 629_999, [16, 17, 18, 19]],
  [810_000, 819_999, [16, 17, 18, 19]],
  /* Maestro */ ...[5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763].map((prefix): Range => [
    prefix * 100,
    prefix * 100 + 99,
    [16, 18, 19],
  ]),
];

/** The sizes of the groups on a card, by the number of its digits. */
const PRINTED: Readonly<Record<number, readonly number[]>> = {
  14: [4, 6, 4],
  15: [4, 6, 5],
  16: [4, 4, 4, 4],
  17: [4, 4, 4, 4, 1],
  18: [4, 4, 4, 4, 2],
  19: [4, 4, 4, 4, 3],
};

const SEPARATOR = /^[\s\p{Dash_Punctuation}\p{Format}−]{1,3}$/u;

/** The digits of every card number in `text`, in one piece or in groups as on a card. */
export const cardNumbersIn = (text: string): string[] => {
  const groups = [...text.matchAll(/[0-9]+/g)].map(({ index, 0: digits }) => ({
    index,
    digits,
    end: index + digits.length,
  }));
  return groups.flatMap(({ index, digits }, from) => {
    const found = isIssued(digits) ? [digits] : [];
    if (isBehindGroup(text.slice(Math.max(0, index - 20), index))) return found;
    for (const sizes of Object.values(PRINTED)) {
      const parts = groups.slice(from, from + sizes.length);
      const gaps = parts.slice(1).map((part, at) => text.slice(parts[at]?.end, part.index));
      const isPrinted =
        parts.map((part) => part.digits.length).join() === sizes.join() &&
        SEPARATOR.test(gaps[0] ?? '') &&
        gaps.every((gap) => gap === gaps[0]);
      const whole = parts.map((part) => part.digits).join('');
      if (isPrinted && isIssued(whole)) found.push(whole);
    }
    return found;
  });
};

/**
 * Whether a longer number goes on behind a text: it ends with a word of four characters and a separator, or
 * with any longer word and a dash. The last four characters of the word have a digit.
 */
const isBehindGroup = (before: string): boolean => {
  for (let length = 1; length <= 6; length += 1) {
    const [word = ''] = /[\p{L}\p{N}_]*$/u.exec(before.slice(0, before.length - length)) ?? [];
    const separator = before.slice(-length);
    const end = word.slice(-4);
    const isGroup = /^[A-Za-z0-9]{4}$/.test(end) && /[0-9]/.test(end) && SEPARATOR.test(separator);
    const isDash = /^\p{Dash_Punctuation}$/u.test(separator);
    if (isGroup && (word === end || isDash)) return true;
  }
  return false;
};

const isIssued = (digits: string): boolean => {
  const beginning = Number(digits.slice(0, 6));
  return (
    RANGES.some(
      ([from, to, lengths]) => beginning >= from && beginning <= to && lengths.includes(digits.length),
    ) && holdsLuhn(digits)
  );
};

/** Luhn's check from a table of doubled digits. The product computes it by arithmetic. */
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
const holdsLuhn = (digits: string): boolean => {
  const terms = digits
    .split('')
    .toReversed()
    .map((digit, place) => {
      const value = Number(digit);
      return place % 2 === 1 ? (DOUBLED[value] ?? 0) : value;
    });
  return terms.reduce((sum, term) => sum + term, 0) % 10 === 0;
};

const ISSUES = RANGES.flatMap(([from, to, lengths]) => lengths.map((length) => ({ from, to, length })));

const NINETEEN_DIGITS = /^[0-9]{19}$/;

/** The digits of a card number of one of eight networks. */
const cardDigits = (): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...ISSUES), fc.stringMatching(NINETEEN_DIGITS))
    .map(([{ from, to, length }, drawn]) => {
      const beginning = from + (Number(drawn.slice(0, 6)) % (to - from + 1));
      const digits = `${beginning}${drawn.slice(6, length - 1)}`;
      return `${digits}${DIGITS.find((digit) => holdsLuhn(digits + digit))}`;
    });

const separator = (): fc.Arbitrary<string> =>
  fc.constantFrom('', ' ', '-', '  ', ' - ', '\u00a0', '\u2009', '\u2013', '\u2212', '\u200b', '\t', '\r\n');

/** A card number as people write one: in one piece, or in the groups of the card with one separator. */
export const writtenCard = (): fc.Arbitrary<string> =>
  fc.tuple(cardDigits(), separator()).map(([digits, between]) => {
    let at = 0;
    return (PRINTED[digits.length] ?? []).map((size) => digits.slice(at, (at += size))).join(between);
  });

/**
 * A text that is hard to mask: card numbers, other digits, separators and words, directly after each other.
 */
export const meanText = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        writtenCard(),
        fc.stringMatching(/^[0-9]{1,22}$/),
        fc.stringMatching(/^[01]{1,5}$/),
        separator(),
        separator(),
        fc.constantFrom('card', 'DE89', '.', ',', '*', '"', '\\', '/', '\u{1f4b3}', '\ud800', '    '),
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));

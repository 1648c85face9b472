import * as fc from 'fast-check';

/**
 * An oracle for I8 by brute force, independent of the product's code: it tries every run of neighbouring
 * groups of digits.
 */
const SEPARATOR = /^[\s\p{Dash_Punctuation}\p{Format}−]{1,3}$/u;

/** The digits of every card number that can be read in `text`, in any grouping. */
export const cardNumbersIn = (text: string): string[] => {
  const groups = [...text.matchAll(/[0-9]+/g)].map(({ index, 0: digits }) => ({ index, digits }));
  const found: string[] = [];
  groups.forEach((first, from) => {
    let digits = first.digits;
    let end = first.index + first.digits.length;
    for (let next = from + 1; digits.length <= 19; next += 1) {
      if (digits.length >= 13 && holdsLuhn(digits)) found.push(digits);
      const group = groups[next];
      if (group === undefined || !SEPARATOR.test(text.slice(end, group.index))) break;
      digits += group.digits;
      end = group.index + group.digits.length;
    }
  });
  return found;
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

/** The digits of a card number, 13 to 19 of them. */
export const cardDigits = (): fc.Arbitrary<string> =>
  fc.stringMatching(/^[0-9]{12,18}$/).map((digits) => {
    const checkDigit = DIGITS.find((digit) => holdsLuhn(digits + digit));
    return digits + checkDigit;
  });

const separator = (): fc.Arbitrary<string> =>
  fc.constantFrom('', ' ', '-', '  ', ' - ', '\u00a0', '\u2009', '\u2013', '\u2212', '\u200b', '\t', '\n');

/** A card number as people write one, in groups with separators. */
export const writtenCard = (): fc.Arbitrary<string> =>
  fc
    .tuple(cardDigits(), fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), separator()), { maxLength: 6 }))
    .map(([digits, cuts]) => {
      let written = '';
      let at = 0;
      for (const [length, between] of cuts) {
        if (at + length >= digits.length) break;
        written += digits.slice(at, at + length) + between;
        at += length;
      }
      return written + digits.slice(at);
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
        fc.constantFrom('card', '.', ',', '*', '"', '\\', '/', '\u{1f4b3}', '\ud800', '    '),
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDINARY_TEXTS } from '../../../bench/masking/ordinaryTexts.ts';
import { CARD_NETWORKS, writeCard } from '../../../bench/masking/writeCard.ts';
import { createStream } from '../../../functions/simulate/random.ts';
import { cardNumbersIn, meanText } from '../../../proof/fuzz/judge/cardOracle.ts';
import { holdsCardNumber } from '../../../shared/masking/holdsCardNumber.ts';

const TEXTS = 2_000;

describe('a card number', () => {
  it.each([
    ['in one piece', '4111111111111111'],
    ['in groups of four', '4111 1111 1111 1111'],
    ['with dashes', '4111-1111-1111-1111'],
    ['of American Express', '3782 822463 10005'],
    ['of Diners Club', '3056 930902 5904'],
    ['of 19 digits, in groups', '6304 0000 0000 0000 000'],
    ['between letters', 'x4111111111111111y'],
    ['behind a digit that stands apart', '2 4111 1111 1111 1111'],
    ['before its expiry and its check number', '4111 1111 1111 1111 123 12/27'],
    ['in the fraction of a number', '0.4111111111111111'],
    ['with wide gaps', '4111 - 1111 - 1111 - 1111'],
    ['over several lines', '4111\r\n1111\r\n1111\r\n1111'],
    ['behind a group that is a word', 'card 4111 1111 1111 1111'],
    ['behind a long number', 'phone 5550123456 4111 1111 1111 1111'],
    ['behind a word with a digit', 'Visa1 4111 1111 1111 1111'],
    ['behind a longer word with digits', 'Ref00017 4111 1111 1111 1111'],
    ['behind a word with an underscore', 'order_0017 4111 1111 1111 1111'],
    ['behind a word with an accent', 'Café0017 4111 1111 1111 1111'],
    ['behind an order’s number', 'order #100017 4111-1111-1111-1111'],
    ['of American Express behind an invoice', 'INV-2026004 3782 822463 10005'],
  ])('is found %s', (_how, text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  it.each(CARD_NETWORKS)('of %s is found wherever it is written', (network) => {
    const random = createStream(1, 4, 0);
    const written = Array.from({ length: TEXTS }, () => writeCard(network, random).text);

    expect(written.filter((text) => !holdsCardNumber(text))).toEqual([]);
  });
});

describe('no card number', () => {
  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['no issuer’s prefix', '1111111111111117'],
    ['the prefixes of issuers inside it', '1451653635362005'],
    ['Maestro’s prefix inside it', '1501800000000005'],
    ['American Express’s prefix inside it', '134000000000009'],
    ['a prefix just below Mastercard’s', '2200000000000004'],
    ['a prefix just above Mastercard’s', '2730000000000003'],
    ['a length that the issuer does not have', '411111111111116'],
    ['two kinds of separators', '4111 1111-1111 1111'],
    ['other groups', '41111 111 1111 1111'],
    ['the digits too far apart', '4111    1111    1111    1111'],
    ['a digit directly before it', '94111111111111111'],
    ['a digit directly behind it', '4111 1111 1111 11119'],
    ['a group of four before it', 'DE89 4111 1111 1111 1111'],
    ['a group of four far before it', '9400 - 4111 - 1111 - 1111 - 1111'],
    ['a longer word with a dash before it', '0a1b2c3d-4111-1111-1111-1111'],
    ['the check digits of an IBAN before it', 'DK5000400440116243'],
    ['the four last digits', '************1111'],
  ])('is seen in a text with %s', (_how, text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });

  it.each(Object.entries(ORDINARY_TEXTS))('is seen in more than 1 in 1,000 texts: %s', (_kind, write) => {
    const random = createStream(1, 5, 0);
    const found = Array.from({ length: TEXTS }, () => write(random)).filter(holdsCardNumber);

    expect(found.length).toBeLessThanOrEqual(TEXTS / 1_000);
  });

  it.each([
    ['seconds', 1n],
    ['milliseconds', 1_000n],
    ['microseconds', 1_000_000n],
  ])('is seen in any time from 2000 to 2039 in %s', (_unit, unit) => {
    const first = BigInt(Date.UTC(2000) / 1000) * unit;
    const last = BigInt(Date.UTC(2040) / 1000) * unit - 1n;
    // An issuer's prefix has four digits at most. So each beginning, with each check digit, stands for all.
    const step = 10n ** BigInt(String(last).length - 4);
    const beginnings = Array.from(
      { length: Number((last - first) / step) + 1 },
      (_, nth) => first + BigInt(nth) * step,
    );
    const times = beginnings.flatMap((time) =>
      Array.from({ length: 10 }, (_, digit) => String((time / 10n) * 10n + BigInt(digit))),
    );

    expect(times.filter(holdsCardNumber)).toEqual([]);
  });

  it('is seen in any compact date from 2000 to 2039, however fine it is', () => {
    const dates = Array.from({ length: 40 }, (_, year) => `${2000 + year}`).flatMap((year) =>
      Array.from({ length: 12 }, (_, more) => year.padEnd(7 + more, '0')).flatMap((beginning) =>
        Array.from({ length: 10 }, (_, digit) => `${beginning}${digit}`),
      ),
    );

    expect(dates.filter(holdsCardNumber)).toEqual([]);
  });
});

describe('holdsCardNumber', () => {
  it('says of hard texts what an oracle of its own says', () => {
    fc.assert(
      fc.property(meanText(), (text) => {
        expect(holdsCardNumber(text)).toBe(cardNumbersIn(text).length > 0);
      }),
      { numRuns: 5_000 },
    );
  });
});

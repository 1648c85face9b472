import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARD_NETWORKS, writeCard } from '../../../bench/masking/writeCard.ts';
import { createStream } from '../../../functions/simulate/random.ts';
import { cardNumbersIn, meanText, writtenCard } from '../../../proof/fuzz/judge/cardOracle.ts';
import { frozenMask } from '../../../shared/masking/frozenMask.ts';
import { maskCardNumbers } from '../../../shared/masking/maskCardNumbers.ts';

describe('maskCardNumbers', () => {
  it.each([
    ['4111 1111 1111 1111', '**** **** **** 1111'],
    ['card 4111-1111-1111-1111, please', 'card ****-****-****-1111, please'],
    ['3782 822463 10005', '**** ****** *0005'],
    ['4111 1111 1111 1111 12', '**** **** **** 1111 12'],
  ])('masks %s', (text, masked) => {
    expect(maskCardNumbers(text)).toBe(masked);
  });

  it.each(['1731000000009', '94105-1234 415 555 0100', '490154203237518', '4006381333931', ''])(
    'leaves %s as it came',
    (text) => {
      expect(maskCardNumbers(text)).toBe(text);
    },
  );

  it.each(CARD_NETWORKS)('shows only the last four digits of %s', (network) => {
    const random = createStream(1, 6, 0);
    const written = Array.from({ length: 1_000 }, () => writeCard(network, random));

    const missed = written.filter(({ text, digits }) =>
      maskCardNumbers(text)
        .replaceAll(/[^0-9]/g, '')
        .includes(digits.slice(0, -4)),
    );
    expect(missed).toEqual([]);
  });

  it('leaves no card number in a hard text', () => {
    fc.assert(
      fc.property(meanText(), (text) => {
        expect(cardNumbersIn(maskCardNumbers(text))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('shows the last four digits of a card number and no others, though a part of it may be one too', () => {
    fc.assert(
      fc.property(writtenCard(), (card) => {
        const result = maskCardNumbers(`card ${card}.`);

        expect(result.replaceAll(/\D/g, '')).toBe(card.replaceAll(/\D/g, '').slice(-4));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives what the first rule gives once it is masked again, so an event keeps its id', () => {
    fc.assert(
      fc.property(meanText(), (text) => {
        expect(frozenMask(maskCardNumbers(text))).toBe(frozenMask(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { CUT_MARK, toErrorText } from '../../../shared/masking/toErrorText.ts';
import { CARD } from '../../../proof/referenceMessages.ts';

describe('an error text', () => {
  it.each([
    ['short', 'price: expected a number', undefined, 'price: expected a number'],
    ['as long as the limit', 'x'.repeat(1_000), undefined, 'x'.repeat(1_000)],
    ['longer than the limit', 'x'.repeat(1_001), undefined, `${'x'.repeat(997)}…`],
    ['longer than a limit of its own', 'x'.repeat(21), 20, `${'x'.repeat(17)}…`],
    ['of wide characters, of which none is halved', '漢'.repeat(400), undefined, `${'漢'.repeat(332)}…`],
    ['with a card number', `bad ${CARD}`, undefined, 'bad ************1111'],
  ])('is safe and short, when it is %s', (_what, text, bytesMax, expected) => {
    expect(toErrorText(text, bytesMax)).toBe(expected);
  });

  it('is masked before it is cut, so that the cut hides no card number from the mask', () => {
    const result = toErrorText(`${'x'.repeat(985)} ${CARD} more`);

    expect(result).toBe(`${'x'.repeat(985)} ***********${CUT_MARK}`);
  });

  it('is masked again after it is cut, where twenty digits become a card number', () => {
    const result = toErrorText(`${'x'.repeat(980)} ${CARD}9999 more`);

    expect(result).toBe(`${'x'.repeat(980)} ************1111${CUT_MARK}`);
  });
});

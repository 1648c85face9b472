import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from '../../../shared/masking/holdsCardNumber.ts';
import { maskBytes } from '../../../shared/masking/maskBytes.ts';
import { CARD } from '../../../proof/referenceMessages.ts';

describe('bytes that are not UTF-8 as a whole', () => {
  it('are the same bytes where nothing is masked', () => {
    const bytes = Buffer.from([0xff, 0x34, 0x31]);

    expect(maskBytes(bytes, holdsCardNumber)).toBe(bytes);
  });

  it('keep every byte but the digits of a card number', () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(`7 x ${CARD} é 8`)]);

    const masked = maskBytes(bytes, holdsCardNumber);

    expect(masked).toEqual(Buffer.concat([Buffer.from([0xff]), Buffer.from('7 x ************1111 é 8')]));
  });

  it('lose all digits of a card number but the last four, whichever digits those are, wherever the odd bytes stand', () => {
    const bytes = Buffer.concat([Buffer.from('é 6011000990139424 é'), Buffer.from([0xff])]);

    expect(maskBytes(bytes, holdsCardNumber)).toEqual(
      Buffer.concat([Buffer.from('é ************9424 é'), Buffer.from([0xff])]),
    );
  });

  it.each([
    ['two', '\u00a0'],
    ['three', '\u2009'],
    ['four', '\u{e0020}'],
  ])('hide no card number that is written with separators of %s bytes', (_count, separator) => {
    const written = ['4111', '1111', '1111', '1111'].join(separator);
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(written)]);

    const masked = maskBytes(bytes, holdsCardNumber);

    const expected = ['****', '****', '****', '1111'].join(separator);
    expect(masked).toEqual(Buffer.concat([Buffer.from([0xff]), Buffer.from(expected)]));
  });

  it('hold no card number whose missing digit is one in three bytes, which no decoder takes', () => {
    const bytes = Buffer.concat([
      Buffer.from(CARD.slice(0, 12)),
      Buffer.from([0xe0, 0x80, 0x80 | CARD.charCodeAt(12)]),
      Buffer.from(CARD.slice(13)),
    ]);

    expect(maskBytes(bytes, holdsCardNumber)).toBe(bytes);
  });

  it.each([
    ['a digit in three bytes, which no decoder takes', [0xe0, 0x80, 0xb4]],
    ['a code point that Unicode does not have', [0xf4, 0x90, 0x80, 0x80]],
  ])('do not join the digits around %s', (_what, sequence) => {
    const bytes = Buffer.concat([
      Buffer.from(CARD.slice(0, 8)),
      Buffer.from(sequence),
      Buffer.from(CARD.slice(8)),
    ]);

    expect(maskBytes(bytes, holdsCardNumber)).toBe(bytes);
  });
});

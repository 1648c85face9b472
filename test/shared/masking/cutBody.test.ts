import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CARD } from '../../../proof/referenceMessages.ts';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import { cutBody } from '../../../shared/masking/cutBody.ts';

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A body, and the largest piece of it that was read. */
const large = (bytes: Buffer) => {
  let largest = 0;
  return {
    body: {
      byteLength: bytes.byteLength,
      read: (start: number, end: number) => {
        largest = Math.max(largest, end - start);
        return bytes.subarray(start, end);
      },
    },
    largest: () => largest,
  };
};

describe('a cut body', () => {
  it('has the size and the hash of the whole, which is never read at once', () => {
    const bytes = Buffer.from('the quick brown fox, 17 times; '.repeat(300_000));
    const { body, largest } = large(bytes);

    const { data, isRedacted, cut } = cutBody(body);

    expect(cut).toEqual({ bytes: bytes.byteLength, sha256: sha256(bytes) });
    expect(isRedacted).toBe(false);
    expect(bytes.subarray(0, data.byteLength)).toEqual(Buffer.from(data));
    expect(largest()).toBeLessThan(2 * BODY_BYTES_MAX);
  });

  it.each(['a', 'Z'])(
    'ends after a letter, such as %s, so that no digits of a card number are left at its end',
    (letter) => {
      const start = letter.repeat(BODY_BYTES_MAX - 15);
      const { body } = large(Buffer.from(`${start}${CARD} and so on`));

      expect(Buffer.from(cutBody(body).data).toString() === start).toBe(true);
    },
  );

  it.each([
    ['no letter', ' '],
    ['no letter of ours', '卡'],
  ])('has no part of a card number at its end, where there is %s before it', (_what, sign) => {
    for (const shown of [1, 8, 12, 15]) {
      const start = Buffer.alloc(BODY_BYTES_MAX - shown, sign);
      const { body } = large(Buffer.concat([start, Buffer.from(`${CARD} and so on`)]));

      const { data, isRedacted } = cutBody(body);

      expect(isRedacted).toBe(true);
      expect(Buffer.from(data).toString('latin1')).not.toMatch(/[0-9]{4}/);
    }
  });

  it.each([`\\u00${CARD.charCodeAt(0).toString(16)}${CARD.slice(1)}`, CARD.replace(/.{4}(?=.)/g, '$&\\n')])(
    'keeps nothing of a JSON text that writes a card number with escapes: %j',
    (escaped) => {
      const { body } = large(Buffer.from(`{"a": "${escaped}", "b": "${'b'.repeat(BODY_BYTES_MAX)}"}`));

      expect(cutBody(body)).toMatchObject({ data: new Uint8Array(), isRedacted: true });
    },
  );

  it('is kept where digits are apart by an escape as in no card number', () => {
    const { body } = large(Buffer.from(`{"a": "41111111\\n11111111", "b": "${'b'.repeat(BODY_BYTES_MAX)}"}`));

    const { data, isRedacted } = cutBody(body);

    expect(isRedacted).toBe(false);
    expect(data.byteLength).toBe(BODY_BYTES_MAX);
  });

  it.each(['', '\u00a0'])(
    'masks each card number, wherever it stands, written with %j between its groups',
    (separator) => {
      // Of a length that has no common divisor with the size of a piece.
      const card = ['4111', '1111', '1111', '1111'].join(separator);
      const shown = ['****', '****', '****', '1111'].join(separator);
      const line = `paid with ${card} on Monday. `;
      const { body } = large(Buffer.from(line.repeat(100_001)));
      const masked = Buffer.from(`paid with ${shown} on Monday. `.repeat(100_001));

      const { data, isRedacted, cut } = cutBody(body);

      expect(isRedacted).toBe(true);
      expect(cut.sha256).toBe(sha256(masked));
      expect(Buffer.from(data).toString()).toBe(masked.subarray(0, data.byteLength).toString());
    },
  );

  it('says that it was masked when the only card number is in the part that is not kept', () => {
    const { body } = large(Buffer.from(`${'a'.repeat(2 * BODY_BYTES_MAX)} ${CARD}`));

    const { data, isRedacted } = cutBody(body);

    expect(isRedacted).toBe(true);
    expect(data.byteLength).toBe(BODY_BYTES_MAX);
  });

  it('is the same for bytes that have no letter at all', () => {
    const bytes = Buffer.alloc(2 * BODY_BYTES_MAX + 1, 0xfe);

    const { data, isRedacted, cut } = cutBody(large(bytes).body);

    expect(cut).toEqual({ bytes: bytes.byteLength, sha256: sha256(bytes) });
    expect(isRedacted).toBe(false);
    expect(data.byteLength).toBe(BODY_BYTES_MAX);
  });
});

import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { CARD } from '../../../proof/referenceMessages.ts';

/**
 * Nobody would wait for an answer that is quadratic in ten million: such a test would run into its time
 * limit.
 */
const HOSTILE_BYTES = 10_000_000;
/** Leaves room for brackets and a last element. */
const READ_BYTES = BODY_BYTES_MAX - 10;
const MASKED = '************1111';

describe('maskBody, of a hostile body', () => {
  it.each([
    ['digits one by one', '1 '.repeat(HOSTILE_BYTES / 2)],
    ['digits one by one, in a string', `"${'1-'.repeat(HOSTILE_BYTES / 2)}"`],
    ['one number', '1'.repeat(HOSTILE_BYTES)],
    ['one id', `{"order_id": "${'1'.repeat(HOSTILE_BYTES)}"}`],
    ['nested arrays', '['.repeat(HOSTILE_BYTES / 2) + ']'.repeat(HOSTILE_BYTES / 2)],
    ['escaped backslashes', `"${'\\\\'.repeat(HOSTILE_BYTES / 2)}"`],
    ['escaped digits', `"${'\\u0031'.repeat(HOSTILE_BYTES / 6)}"`],
    ['spaces before a colon', `{"order_id"${' '.repeat(HOSTILE_BYTES)}:1}`],
    ['groups of four that no issuer issues', '1111 '.repeat(HOSTILE_BYTES / 5)],
    ['groups that are nearly card numbers', '4111 1111 1111 1112 '.repeat(HOSTILE_BYTES / 20)],
    ['small values', `[${'1,'.repeat(HOSTILE_BYTES / 2)}1]`],
  ])('answers, and leaves %s as they are', (_what, text) => {
    const body = Buffer.from(text);

    const { data, isRedacted } = maskBody(body);

    expect(isRedacted).toBe(false);
    expect(data).toBe(body);
  });

  it.each([
    ['10 MB of card numbers', HOSTILE_BYTES, `${CARD}, `, `${MASKED}, `, ''],
    ['10 MB of cards as printed', HOSTILE_BYTES, '4111 1111 1111 1111; ', '**** **** **** 1111; ', ''],
    ['10 MB of JSON, which is too large to be read as such', HOSTILE_BYTES, `${CARD}, `, `${MASKED}, `, '[]'],
    ['as many JSON numbers as are read', READ_BYTES, `${CARD}, `, '1111, ', '[]'],
    ['as many escapes', READ_BYTES, `"\\u0034${CARD.slice(1)}", `, `"${MASKED}", `, '[]'],
  ])('masks every card number in %s', (_what, bytes, one, masked, [open = '', close = '']) => {
    const count = Math.floor(bytes / one.length);
    const last = open === '' ? '' : '0';
    const body = Buffer.from(`${open}${one.repeat(count)}${last}${close}`);

    const { data } = maskBody(body);

    const expected = Buffer.from(`${open}${masked.repeat(count)}${last}${close}`);
    expect(Buffer.compare(data, expected)).toBe(0);
  });

  it('leaves zeros one by one, and takes the id over all but the last four of them masked', () => {
    const body = Buffer.from('0 '.repeat(HOSTILE_BYTES / 2));

    const { data, idData } = maskBody(body);

    expect(data).toBe(body);
    const zeros = Buffer.from(idData).toString().replaceAll(' ', '');
    expect(zeros).toHaveLength(HOSTILE_BYTES / 2);
    expect(/^\*+0{4,12}$/.test(zeros)).toBe(true);
  });
});

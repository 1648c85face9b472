import { describe, expect, it } from 'vitest';
import {
  BODY_BYTES_MAX,
  decodeUtf8,
  REQUEST_BYTES_MAX,
  withoutByteOrderMark,
} from '../../shared/bodyText.ts';

describe('the text of a body', () => {
  it('is that of its bytes, with the byte order mark', () => {
    expect(decodeUtf8(Buffer.from('\ufeffGröße 漢'))).toBe('\ufeffGröße 漢');
  });

  it('is none when the bytes are not UTF-8', () => {
    expect(decodeUtf8(Buffer.from('Größe', 'latin1'))).toBeUndefined();
  });

  it.each([
    ['\ufeff{}', '{}'],
    ['{}\ufeff', '{}\ufeff'],
    ['{}', '{}'],
    ['', ''],
  ])('has no byte order mark before it, and keeps one anywhere else: %j', (text, expected) => {
    expect(withoutByteOrderMark(text)).toBe(expected);
  });
});

it('a body is read up to one MiB, and a request up to 16 MiB', () => {
  expect([BODY_BYTES_MAX, REQUEST_BYTES_MAX]).toEqual([1_048_576, 16_777_216]);
});

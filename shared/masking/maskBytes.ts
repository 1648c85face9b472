import { frozenMask } from './frozenMask.ts';

const ZERO = 0x30;
const NINE = 0x39;
const STAR = 0x2a;
const ASCII_MAX = 0x7f;
const UNICODE_MAX = 0x10ffff;
/** A UTF-8 sequence of two to four bytes, in a text that has one character for each byte. */
const UTF8_SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * Masks card numbers in bytes that are not UTF-8 as a whole (I8). A single odd byte must not hide a card
 * number whose spaces are written in UTF-8. So each UTF-8 sequence is read as its character, and every other
 * byte as Latin-1. Only digits change.
 * @param rule whether a text must be masked.
 * @returns `bytes` itself when nothing is masked.
 */
export const maskBytes = (bytes: Buffer, rule: (text: string) => boolean): Buffer => {
  const text = bytes.toString('latin1').replace(UTF8_SEQUENCE, decodeSequence);
  return rule(text) ? withMaskedDigits(bytes, text, frozenMask(text)) : bytes;
};

/**
 * The character of a UTF-8 sequence: `'\xc2\xa0'` → `'\u00a0'`. A sequence that spells ASCII in too many
 * bytes stays as it is. So does one that is outside Unicode.
 */
const decodeSequence = (sequence: string): string => {
  let codePoint = sequence.charCodeAt(0) & (0xff >> (sequence.length + 1));
  for (let index = 1; index < sequence.length; index += 1) {
    codePoint = (codePoint << 6) | (sequence.charCodeAt(index) & 0x3f);
  }
  return codePoint > ASCII_MAX && codePoint <= UNICODE_MAX ? String.fromCodePoint(codePoint) : sequence;
};

/**
 * The bytes, with the digits masked that are masked in the text. A digit is one byte in UTF-8 and in Latin-1,
 * so the n-th digit of the text is the n-th digit of the bytes.
 */
const withMaskedDigits = (bytes: Buffer, text: string, masked: string): Buffer => {
  const result = Buffer.from(bytes);
  let inText = 0;
  for (const [index, byte] of bytes.entries()) {
    if (!isDigit(byte)) continue;
    while (!isDigit(text.charCodeAt(inText))) inText += 1;
    if (masked.charCodeAt(inText) === STAR) result[index] = STAR;
    inText += 1;
  }
  return result;
};

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

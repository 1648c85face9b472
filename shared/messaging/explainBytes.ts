import { decodeUtf8, withoutByteOrderMark } from '../bodyText.ts';
import { findJsonFault } from './findJsonFault.ts';

/** Words that other languages write where JSON has a number, `null`, `true` or `false`. */
const FOREIGN_WORD = /-?(?:NaN|Infinity|undefined|None|nil|True|False)\b/y;
const VALUE = /(?:[{["\d]|-\d|(?:true|false|null)\b)/y;
/** It is searched for, and not the opposite: to match millions of signs, the engine needs too much stack. */
const NOT_BASE64 = /[^A-Za-z0-9+/_=\s-]/;
const BASE64_CHARACTERS_MIN = 8;

/**
 * Says why bytes are not one JSON value, in words that quote none of them (I8).
 * `Buffer.from('{"price": NaN}')` → `'14 bytes that are not JSON: NaN at offset 10'`.
 * @param bytes those that a parser of JSON refused.
 */
export const explainBytes = (bytes: Uint8Array): string =>
  `${bytes.byteLength} bytes that are not JSON: ${whyNotJson(bytes)}`;

const whyNotJson = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) {
    return 'gzip, which needs the attribute content-encoding with the value gzip';
  }
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return 'UTF-16, where UTF-8 is expected';
  }
  const whole = decodeUtf8(bytes);
  if (whole === undefined) return 'they are not UTF-8 text';
  const text = withoutByteOrderMark(whole);
  if (text.trim() === '') return 'nothing but spaces';
  if (isBase64OfJson(text)) return 'base64 of JSON, so it was encoded twice';
  const fault = findJsonFault(text);
  if (fault === undefined) return 'for no reason that we know';
  const offset =
    Buffer.byteLength(text.slice(0, fault.index)) + Buffer.byteLength(whole) - Buffer.byteLength(text);
  if (fault.kind === 'end') return `the text ends too early, at offset ${offset}`;
  VALUE.lastIndex = fault.index;
  if (fault.kind === 'more' && VALUE.test(text)) {
    return `more than one value, the second at offset ${offset}`;
  }
  return `${nameOf(text, fault.index)} at offset ${offset}`;
};

const isBase64OfJson = (text: string): boolean =>
  text.length >= BASE64_CHARACTERS_MIN &&
  !NOT_BASE64.test(text) &&
  /^\s*[{["]/.test(Buffer.from(text.slice(0, 64), 'base64').toString('latin1'));

/** What stands there, if it is a word or a sign that cannot be a part of anybody's data. */
const nameOf = (text: string, index: number): string => {
  FOREIGN_WORD.lastIndex = index;
  const [word] = FOREIGN_WORD.exec(text) ?? [];
  if (word !== undefined) return word;
  const sign = text.charAt(index);
  if (sign === "'") return 'a single quote, where JSON has double quotes,';
  if ('{}[],:'.includes(sign)) return `the sign ${sign}`;
  return sign === '"' ? 'a wrong string' : 'something else';
};

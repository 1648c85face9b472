import { BODY_BYTES_MAX, decodeUtf8, withoutByteOrderMark } from '../bodyText.ts';
import { frozenMask, mayHoldCardNumber } from './frozenMask.ts';
import { maskBytes } from './maskBytes.ts';
import { holdsCardNumber } from './holdsCardNumber.ts';

/** Whether a text must be masked. How it is masked never changes: see `frozenMask`. */
type Rule = (text: string) => boolean;

const isChangedByFirstRule: Rule = (text) => frozenMask(text) !== text;

/** Ids are numbers by contract. I8 does not apply to them, even when a producer sends a string of digits. */
const ID_FIELDS: ReadonlySet<string | undefined> = new Set(['order_id', 'customer_id', 'payment_id']);
/** All fields that are numbers by contract. I8 does not apply to a number in them. */
const NUMBER_FIELDS: ReadonlySet<string | undefined> = new Set([...ID_FIELDS, 'price', 'quantity']);
const DIGITS_SHOWN = 4;

interface MaskedBody {
  readonly data: Uint8Array;
  readonly isRedacted: boolean;
  /** The body as the first rule masks it: what event ids are taken over, whatever later rules do. */
  readonly idData: Uint8Array;
}

/**
 * Masks card numbers in a message body (I8). In well-formed JSON, it masks the strings, and the numbers in
 * fields that are not numbers by contract. In any other body, and in one that is too large to be read, it
 * masks the whole text. JSON stays well-formed, and all other bytes stay as they were sent. Masking a second
 * time changes nothing, so a masked copy has the same event id.
 * `{"card": "4111 1111 1111 1111"}` → `{"card": "**** **** **** 1111"}`.
 */
export const maskBody = (data: Uint8Array): MaskedBody => {
  const idData = maskWith(isChangedByFirstRule, data);
  // Every card number passes the first rule. So a body that it leaves alone holds none.
  const masked = idData === data ? data : maskWith(holdsCardNumber, data);
  return { data: masked, isRedacted: masked !== data, idData };
};

/** @returns `data` itself when the rule masks nothing. */
const maskWith = (rule: Rule, data: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const masked = maskBytes(bytes, rule);
    return masked === bytes ? data : masked;
  }
  // JSON without a backslash has no escapes, so all of its digits and separators are in the text itself.
  if (!text.includes('\\') && !mayHoldCardNumber(text)) return data;
  const isReadable = data.byteLength <= BODY_BYTES_MAX && isJson(text);
  const masked = isReadable ? maskJson(text, rule) : maskText(text, rule);
  return masked === text ? data : Buffer.from(masked);
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(withoutByteOrderMark(text));
    return true;
  } catch {
    // The parser of the message reports this error. It is dropped here because its text quotes the body.
    return false;
  }
};

const STRING_OR_NUMBER_START = /["\-\d]/g;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** In well-formed JSON, it matches only after a key. The match ends where the key's value starts. */
const COLON = /\s*:\s*/y;
const WHOLE_NUMBER = /^\d+$/;

const maskJson = (text: string, rule: Rule): string => {
  const pieces: string[] = [];
  let copiedTo = 0;
  let searchedTo = 0;
  let key: { readonly name: string; readonly valueAt: number } | undefined;

  for (let start = findToken(text, 0); start !== -1; start = findToken(text, searchedTo)) {
    const isString = text[start] === '"';
    const end = isString ? endOfString(text, start) : endOfNumber(text, start);
    const token = text.slice(start, end);
    const field = key?.valueAt === start ? key.name : undefined;
    const masked = isString ? maskString(token, field, rule) : maskNumber(token, field, rule);
    if (masked !== token) {
      pieces.push(text.slice(copiedTo, start), masked);
      copiedTo = end;
    }
    searchedTo = end;

    COLON.lastIndex = end;
    key = COLON.test(text) ? { name: String(JSON.parse(token)), valueAt: COLON.lastIndex } : undefined;
  }
  return pieces.join('') + text.slice(copiedTo);
};

const findToken = (text: string, from: number): number => {
  STRING_OR_NUMBER_START.lastIndex = from;
  return STRING_OR_NUMBER_START.exec(text)?.index ?? -1;
};

const endOfString = (text: string, start: number): number => {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index + 1;
};

const endOfNumber = (text: string, start: number): number => {
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  return NUMBER.lastIndex;
};

const maskString = (token: string, field: string | undefined, rule: Rule): string => {
  const value = String(JSON.parse(token));
  if (ID_FIELDS.has(field) && WHOLE_NUMBER.test(value)) return token;
  const masked = maskText(value, rule);
  return masked === value ? token : JSON.stringify(masked);
};

/**
 * Replaces a number with a card number in it by the last four digits. It stays a number, so a mistyped field
 * stays mistyped. `4111111111111111` → `1111`.
 */
const maskNumber = (token: string, field: string | undefined, rule: Rule): string => {
  const parts = token.split(/\D+/);
  const first = parts.find(isChangedByFirstRule);
  if (NUMBER_FIELDS.has(field) || first === undefined || !parts.some(rule)) return token;
  return String(Number(first.slice(-DIGITS_SHOWN)));
};

const maskText = (text: string, rule: Rule): string => (rule(text) ? frozenMask(text) : text);

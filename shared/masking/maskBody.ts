import { maskCardNumbers, mayHoldCardNumber } from './maskCardNumbers.ts';
import { BODY_BYTES_MAX, decodeUtf8 } from '../bodyText.ts';
import { maskBytes } from './maskBytes.ts';

/** Numbers by contract, and so exempt from I8; the ids even when a producer sends them as a string of digits. */
const ID_FIELDS: ReadonlySet<string | undefined> = new Set(['order_id', 'customer_id', 'payment_id']);
const NUMBER_FIELDS: ReadonlySet<string | undefined> = new Set([...ID_FIELDS, 'price', 'quantity']);
const DIGITS_SHOWN = 4;

interface MaskedBody {
  readonly data: Uint8Array;
  readonly isRedacted: boolean;
}

/**
 * Masks card numbers in a message body (I8), whatever it is: in well-formed JSON the strings, and the numbers that no
 * field asks for; in anything else, and in what is too large to be read,
 * all text. The JSON stays well-formed, all other bytes stay as they were
 * sent, and doing it again changes nothing, so a copy hashes to the same event id before and after.
 */
export const maskBody = (data: Uint8Array): MaskedBody => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const masked = maskBytes(bytes);
    return masked === bytes ? { data, isRedacted: false } : { data: masked, isRedacted: true };
  }
  // Without an escape in it, JSON has no digits and no separators but those that stand in its text.
  if (!text.includes('\\') && !mayHoldCardNumber(text)) return { data, isRedacted: false };
  const isReadable = data.byteLength <= BODY_BYTES_MAX && isJson(text);
  const masked = isReadable ? maskJson(text) : maskCardNumbers(text);
  return masked === text ? { data, isRedacted: false } : { data: Buffer.from(masked), isRedacted: true };
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not an error here: the parser of the message reports it. The engine's own words would quote the text.
    return false;
  }
};

const STRING_OR_NUMBER_START = /["\-\d]/g;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Follows keys only, in well-formed JSON, and ends where the key's own value starts. */
const COLON = /\s*:\s*/y;
const WHOLE_NUMBER = /^\d+$/;

const maskJson = (text: string): string => {
  const pieces: string[] = [];
  let copiedTo = 0;
  let searchedTo = 0;
  let key: { readonly name: string; readonly valueAt: number } | undefined;

  for (let start = findToken(text, 0); start !== -1; start = findToken(text, searchedTo)) {
    const isString = text[start] === '"';
    const end = isString ? endOfString(text, start) : endOfNumber(text, start);
    const token = text.slice(start, end);
    const field = key?.valueAt === start ? key.name : undefined;
    const masked = isString ? maskString(token, field) : maskNumber(token, field);
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

const maskString = (token: string, field: string | undefined): string => {
  const value = String(JSON.parse(token));
  if (ID_FIELDS.has(field) && WHOLE_NUMBER.test(value)) return token;
  const masked = maskCardNumbers(value);
  return masked === value ? token : JSON.stringify(masked);
};

/** A number stays a number, so that a mistyped field stays mistyped: the card's last digits are what is left of it. */
const maskNumber = (token: string, field: string | undefined): string => {
  if (NUMBER_FIELDS.has(field)) return token;
  const card = token.split(/\D+/).find((digits) => maskCardNumbers(digits) !== digits);
  return card === undefined ? token : String(Number(card.slice(-DIGITS_SHOWN)));
};

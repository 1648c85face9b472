/** `unclear`: the body has the customer's number, and does not say clearly whose it is. */
type Naming = 'theirs' | 'unclear' | 'others';

const WORD = /customer[\s_-]?id/gi;
/** In a URL, in XML, and in JSON that was encoded twice. They may stand between the word and its number. */
const ESCAPE = /\\u[\da-f]{4}|\\[nrt]|%[\da-f]{2}|&#?\w{1,6};/gi;
/** A number, behind what is neither a letter nor a digit. Its thousands may be apart: `"7,502.0"`. */
const VALUE =
  /^[^\p{L}\p{N}]{0,80}(\d{1,40})((?:[,'_ ]\d{3}){0,6})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?(?!\.?[\p{L}\p{N}])/iu;
/** So many characters behind the word are looked at, which is more than a value can have. */
const VALUE_CHARACTERS_MAX = 200;

/**
 * Whether a body that was not accepted names a customer. It need not be JSON, and it may end anywhere. The
 * time that it takes grows with the length of the body, and not faster.
 * For 77: `{'customer_id': "0077"}` → `theirs`, `{"customer_id":771}` → `others`,
 * `{"id":77}` → `unclear`.
 */
export const namesCustomer = (body: string, customerId: bigint): Naming => {
  const text = body.replaceAll(ESCAPE, ' ');
  let [words, numbers] = [0, 0];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const from = index + word.length;
    const value = VALUE.exec(text.slice(from, from + VALUE_CHARACTERS_MAX));
    if (value !== null && isNumber(value, customerId)) return 'theirs';
    words += 1;
    // `[77,123]` may be one number or two, and a number at the end may have been cut.
    if (value !== null && value[2] === '' && from + value[0].length < text.length) numbers += 1;
  }
  const isClear = words > 0 && words === numbers;
  return !isClear && hasNumber(body, String(customerId)) ? 'unclear' : 'others';
};

/** `7.70e1` is 77, and so are `0077` and `77.`. */
const isNumber = (value: RegExpExecArray, number: bigint): boolean => {
  const [, whole = '', thousands = '', fraction = '', exponent = '0'] = value;
  const digits = BigInt(whole + thousands.replaceAll(/\D/g, '') + fraction);
  const power = Number(exponent) - fraction.length;
  return power < 0 ? digits === number * 10n ** BigInt(-power) : digits * 10n ** BigInt(power) === number;
};

/** Whether the digits stand anywhere, or begin where a body ends. */
const hasNumber = (body: string, digits: string): boolean => {
  const [last = ''] = /\d*$/.exec(body.slice(-digits.length)) ?? [];
  return new RegExp(`(?<!\\d)0*${digits}(?!\\d)`).test(body) || (last !== '' && digits.startsWith(last));
};

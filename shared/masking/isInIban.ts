/** A country, two check digits, then the account: ISO 13616. */
const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/;
const IBAN_CHARACTERS_MAX = 34;
const UP_TO_OTHER_SIGN = /^.*[^A-Z0-9]/s;
const FROM_OTHER_SIGN = /[^A-Z0-9].*$/s;
const HEAD_CHARACTERS = 4;
const FIRST_LETTER = 'A'.charCodeAt(0);
const FIRST_LETTER_VALUE = 10;

/**
 * Whether the digits at `index` are a part of an IBAN that is written in one piece, by the check of ISO 7064.
 * `('DK5000400440116243', 2)` → `true`.
 */
export const isInIban = (text: string, index: number): boolean => {
  const before = text.slice(Math.max(0, index - IBAN_CHARACTERS_MAX), index).replace(UP_TO_OTHER_SIGN, '');
  const after = text.slice(index, index + IBAN_CHARACTERS_MAX).replace(FROM_OTHER_SIGN, '');
  const iban = before + after;
  if (!IBAN.test(iban)) return false;
  const digits = `${iban.slice(HEAD_CHARACTERS)}${iban.slice(0, HEAD_CHARACTERS)}`.replaceAll(
    /[A-Z]/g,
    (letter) => String(letter.charCodeAt(0) - FIRST_LETTER + FIRST_LETTER_VALUE),
  );
  return BigInt(digits) % 97n === 1n;
};

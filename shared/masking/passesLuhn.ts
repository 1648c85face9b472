/**
 * Whether the last digit is the right Luhn check digit (ISO/IEC 7812-1, annex B).
 * `'4111111111111111'` → `true`.
 * @param digits ASCII digits only.
 */
export const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = Number(digits[digits.length - 1 - fromRight]);
    const term = fromRight % 2 === 0 ? digit : digit * 2;
    sum += term > 9 ? term - 9 : term;
  }
  return sum % 10 === 0;
};

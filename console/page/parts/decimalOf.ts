/**
 * What a person typed into a field for a number, in decimal digits: ` 0.5 ` → 0.5. `Number` alone would
 * take `0x10` for 16, and an empty field for 0.
 * @returns NaN for any other text. JSON makes null of it, and the server says what it expects.
 */
export const decimalOf = (text: string): number =>
  /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;

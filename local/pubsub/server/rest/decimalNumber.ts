/** As JSON writes a number: in decimal digits. `Number` would take `0x10`, ` 16` and an empty text, too. */
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads a decimal number: `'1.5e3'` → 1500. @returns NaN for any other text. */
export const decimalNumber = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN);

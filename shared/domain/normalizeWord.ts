/**
 * Brings a word of a producer into the form that the tables of words use: lower case, one space between
 * words, in place of other separators too.
 * `' PARTIALLY_REFUNDED '` → `'partially refunded'`.
 */
export const normalizeWord = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();

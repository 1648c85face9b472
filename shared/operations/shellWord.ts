/**
 * A text as one word of a shell. Single quotes keep everything but a single quote. `it's` → `'it'\''s'`. A
 * plain word needs none.
 */
export const shellWord = (text: string): string =>
  /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

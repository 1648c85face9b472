const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

interface Brackets {
  /** How many objects and arrays are opened. */
  readonly count: number;
  /** The most of them that are open at the same time. */
  readonly depth: number;
}

/**
 * Counts the objects and arrays of a JSON text without parsing it. For 16 MiB of brackets, a parser would
 * need close to 1 GB of memory. For deeply nested brackets, it would use up its stack. This function makes
 * one pass, most of it inside `indexOf`.
 * `'[{"a": "[["}]'` → `{ count: 2, depth: 2 }`.
 * @param countMax it stops when the count is above this. When left out, it reads to the end.
 */
export const measureBrackets = (json: string, countMax = Number.POSITIVE_INFINITY): Brackets => {
  let count = 0;
  let open = 0;
  let depth = 0;
  for (let index = 0; index < json.length && count <= countMax; index += 1) {
    const sign = json.charCodeAt(index);
    if (sign === QUOTE) index = endOfString(json, index);
    else if (sign === OPENING_BRACE || sign === OPENING_BRACKET) {
      count += 1;
      open += 1;
      if (open > depth) depth = open;
    } else if (sign === CLOSING_BRACE || sign === CLOSING_BRACKET) open -= 1;
  }
  return { count, depth };
};

/** The index of the closing quote of a string, or the end of the text when the string is never closed. */
const endOfString = (json: string, start: number): number => {
  for (let quote = json.indexOf('"', start + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (json.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote;
  }
  return json.length;
};

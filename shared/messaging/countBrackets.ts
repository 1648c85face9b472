const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/**
 * How many objects and arrays JSON text opens outside its strings, without parsing it: 16 MiB of nothing else cost a parser
 * close to 1 GB. One pass, most of it inside `indexOf`.
 * @param max where it stops counting.
 */
export const countBrackets = (json: Buffer, max: number): number => {
  let count = 0;
  for (let index = 0; index < json.length && count <= max; index += 1) {
    const byte = json[index];
    if (byte === OPENING_BRACE || byte === OPENING_BRACKET) count += 1;
    else if (byte === QUOTE) index = endOfString(json, index);
  }
  return count;
};

/** Where the closing quote of a string stands; the end of the text when it is never closed. */
const endOfString = (json: Buffer, start: number): number => {
  for (let quote = json.indexOf(QUOTE, start + 1); quote !== -1; quote = json.indexOf(QUOTE, quote + 1)) {
    let slashes = 0;
    while (json[quote - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote;
  }
  return json.length;
};

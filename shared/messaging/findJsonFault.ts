/** Where a text stops being one JSON value. */
interface JsonFault {
  /** `end`: it ends too early. `more`: something follows its end. `unexpected`: what may not stand there. */
  readonly kind: 'end' | 'more' | 'unexpected';
  /** An index into the text. */
  readonly index: number;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER_OR_WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
/** A number or a word that stands at the end of the text, and of which the rest is missing. */
const UNFINISHED = /(?:-|-?(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const FIRST_PRINTABLE = 0x20;

/** What may come next. A `key?` and a `value?` may also be the end of their object or array. */
type Next = 'value' | 'value?' | 'key' | 'key?' | 'colon' | 'comma';

/**
 * Finds the first fault of a text that `JSON.parse` refuses. The engine's own message gives no place, and
 * quotes the text, which may hold a card number (I8). It makes one pass.
 * `'[1, NaN]'` → `{ kind: 'unexpected', index: 4 }`.
 * @returns undefined when the text is one JSON value.
 */
export const findJsonFault = (text: string): JsonFault | undefined => {
  const open: ('{' | '[')[] = [];
  let next: Next = 'value';
  let index = endOf(SPACE, text, 0);
  for (;;) {
    if (next === 'comma' && open.length === 0) {
      return index < text.length ? { kind: 'more', index } : undefined;
    }
    if (index >= text.length) return { kind: 'end', index };
    const sign = text[index];
    const end = endOfToken(text, index, next, open.at(-1));
    if (end === index) return { kind: 'unexpected', index };
    if (end === -1) return { kind: 'end', index: text.length };
    if (sign === '{' || sign === '[') open.push(sign);
    else if (sign === '}' || sign === ']') open.pop();
    next = nextOf(sign, next, open.at(-1));
    index = endOf(SPACE, text, end);
  }
};

const endOf = (pattern: RegExp, text: string, start: number): number => {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
};

/** The end of the token; `start` itself when it may not stand there, and -1 when the text ends inside it. */
const endOfToken = (text: string, start: number, next: Next, inside: '{' | '[' | undefined): number => {
  const sign = text.charAt(start);
  const isAllowed: Readonly<Record<Next, boolean>> = {
    value: sign !== '}' && sign !== ']' && sign !== ',' && sign !== ':',
    'value?': sign !== '}' && sign !== ',' && sign !== ':',
    key: sign === '"',
    'key?': sign === '"' || sign === '}',
    colon: sign === ':',
    comma: sign === ',' || sign === (inside === '{' ? '}' : ']'),
  };
  if (!isAllowed[next]) return start;
  if (sign === '"') return endOfString(text, start);
  if ('{}[],:'.includes(sign)) return start + 1;
  return endOf(UNFINISHED, text, start) > start ? -1 : endOf(NUMBER_OR_WORD, text, start);
};

/** A control character or a wrong escape ends the string where it starts: it is not a string. */
const endOfString = (text: string, start: number): number => {
  let index = start + 1;
  while (index < text.length) {
    if (text[index] === '"') return index + 1;
    if (text.charCodeAt(index) < FIRST_PRINTABLE) return start;
    if (text[index] !== '\\') index += 1;
    else {
      const end = endOf(ESCAPE, text, index);
      if (end === index) return index + 1 < text.length ? start : -1;
      index = end;
    }
  }
  return -1;
};

const nextOf = (sign: string | undefined, was: Next, inside: '{' | '[' | undefined): Next => {
  if (sign === '{') return 'key?';
  if (sign === '[') return 'value?';
  if (sign === ':') return 'value';
  if (sign === ',') return inside === '{' ? 'key' : 'value';
  return was === 'key' || (was === 'key?' && sign === '"') ? 'colon' : 'comma';
};

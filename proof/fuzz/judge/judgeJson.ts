/** A JSON number as it stands in the text. */
export class NumberToken {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

export type Json = null | boolean | string | NumberToken | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

interface JudgedJson {
  readonly value: Json;
  /** How deeply objects and arrays are nested. */
  readonly depth: number;
  /** The number of objects and arrays. */
  readonly brackets: number;
  /** Keys that one object has twice. The last one counts. */
  readonly duplicateKeys: readonly string[];
}

/** The judge gives up on a deeper nesting. */
const DEPTH_MAX = 2_000;
export const TOO_DEEP = 'too deep';

/**
 * Reads a text as RFC 8259 defines JSON, without the engine's parser.
 * @param bracketsMax the judge gives up on a text with more objects and arrays.
 * @returns undefined when the text is not JSON; TOO_DEEP when the judge gave up.
 */
export const judgeJson = (
  text: string,
  bracketsMax = Number.POSITIVE_INFINITY,
): JudgedJson | undefined | typeof TOO_DEEP => {
  const reader = new Reader(text, bracketsMax);
  const value = reader.document();
  if (reader.hasGivenUp) return TOO_DEEP;
  return value === undefined ? undefined : { value, ...reader.seen() };
};

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex -- RFC 8259 forbids exactly these
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const WORDS = { true: true, false: false, null: null } as const;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A recursive descent parser. Its methods return undefined when the text is not JSON. */
class Reader {
  hasGivenUp = false;
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #brackets = 0;
  readonly #duplicates: string[] = [];

  readonly #bracketsMax: number;

  constructor(text: string, bracketsMax: number) {
    this.#text = text;
    this.#bracketsMax = bracketsMax;
  }

  seen() {
    return { depth: this.#depth, brackets: this.#brackets, duplicateKeys: this.#duplicates };
  }

  document(): Json | undefined {
    const value = this.#value(0);
    this.#match(SPACE);
    return this.#at === this.#text.length ? value : undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): Json | undefined {
    if (depth > DEPTH_MAX || this.#brackets > this.#bracketsMax) this.hasGivenUp = true;
    if (this.hasGivenUp) return undefined;
    this.#match(SPACE);
    const sign = this.#text[this.#at];
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#array(depth);
    if (sign === '"') return this.#string();
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const source = this.#match(NUMBER);
    return source === undefined ? undefined : new NumberToken(source);
  }

  #array(depth: number): Json[] | undefined {
    this.#at += 1;
    this.#brackets += 1;
    this.#depth = Math.max(this.#depth, depth + 1);
    const elements: Json[] = [];
    this.#match(SPACE);
    if (this.#take(']')) return elements;
    for (;;) {
      const element = this.#value(depth + 1);
      if (element === undefined) return undefined;
      elements.push(element);
      this.#match(SPACE);
      if (this.#take(']')) return elements;
      if (!this.#take(',')) return undefined;
    }
  }

  #object(depth: number): JsonObject | undefined {
    this.#at += 1;
    this.#brackets += 1;
    this.#depth = Math.max(this.#depth, depth + 1);
    const fields: JsonObject = new Map();
    this.#match(SPACE);
    if (this.#take('}')) return fields;
    for (;;) {
      this.#match(SPACE);
      const key = this.#text[this.#at] === '"' ? this.#string() : undefined;
      this.#match(SPACE);
      if (key === undefined || !this.#take(':')) return undefined;
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      if (fields.has(key)) this.#duplicates.push(key);
      fields.set(key, value);
      this.#match(SPACE);
      if (this.#take('}')) return fields;
      if (!this.#take(',')) return undefined;
    }
  }

  #string(): string | undefined {
    this.#at += 1;
    let value = '';
    for (;;) {
      value += this.#match(PLAIN) ?? '';
      if (this.#take('"')) return value;
      if (!this.#take('\\')) return undefined;
      const sign = this.#text[this.#at] ?? '';
      this.#at += 1;
      if (sign === 'u') {
        const hex = this.#match(HEX);
        if (hex === undefined) return undefined;
        value += String.fromCharCode(Number.parseInt(hex, 16));
      } else {
        const plain = ESCAPES[sign];
        if (plain === undefined || !Object.hasOwn(ESCAPES, sign)) return undefined;
        value += plain;
      }
    }
  }
}

/** A JSON number with the digits that were sent, so that a 64-bit id keeps all of them. */
export class JsonNumber {
  readonly source: string;
  readonly value: number;

  constructor(source: string, value: number) {
    this.source = source;
    this.value = value;
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source: string }) => unknown;
/** ES2026 gives a reviver a third argument. TypeScript's library does not declare it yet. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * `JSON.parse`, with a `JsonNumber` for every number.
 * `'[1.0]'` → `[JsonNumber { source: '1.0', value: 1 }]`.
 * @throws what `JSON.parse` throws. Its message quotes the text, so never pass it on.
 */
export const parseJsonLosslessly = (text: string): unknown =>
  parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? new JsonNumber(source, value) : value,
  );

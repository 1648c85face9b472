/** A JSON number with the digits that were sent, so that a 64-bit id survives to the last one. */
export class JsonNumber {
  readonly source: string;
  readonly value: number;

  constructor(source: string, value: number) {
    this.source = source;
    this.value = value;
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source: string }) => unknown;
/** ES2026's third reviver argument, which TypeScript's library does not declare yet. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * `JSON.parse` with every number as a `JsonNumber`.
 * @throws what `JSON.parse` throws; its message quotes the text, so never pass it on.
 */
export const parseJsonLosslessly = (text: string): unknown =>
  parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? new JsonNumber(source, value) : value,
  );

/**
 * One line of JSON, as all commands print it with `--json`. Names are in snake_case, as in the tables and in
 * the log. The keys of a Map are data, such as topics or reasons, so they stay as they are. Ids are strings,
 * because they have 64 bits; a value that is not there is null.
 * `{ orderId: 17n, refused: new Map([['its topic is unknown', 2]]) }` →
 * `{"order_id":"17","refused":{"its topic is unknown":2}}`
 */
export const toJsonLine = (value: object): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return part.toString();
    if (part instanceof Map) return Object.fromEntries(part);
    return isFields(part) ? withSnakeCase(part) : (part ?? null);
  });

const isFields = (part: unknown): part is object =>
  typeof part === 'object' && part !== null && !Array.isArray(part);

const withSnakeCase = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [toSnakeCase(name), value]));

/** `'deadLetters'` → `'dead_letters'`; a name in snake_case stays as it is. */
const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

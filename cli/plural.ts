/**
 * A number with its noun: `(1, 'message')` → `1 message`, `(20, 'query', 'queries')` → `20 queries`.
 * @param many the noun for every other number; with an `s` unless given.
 */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

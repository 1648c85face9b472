/** One line of JSON. Ids are strings, because they have 64 bits; a value that is not there is null. */
export const toJsonLine = (value: object): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : (part ?? null),
  );

/** A text as one argument of a shell: `it's` → `'it'\''s'`. */
export const shellText = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

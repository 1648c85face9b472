/**
 * Splits a file into statements without comments. A `;` or `--` in a quoted text stays a part of the text.
 * `'A; -- note\nB;'` → `['A', 'B']`.
 */
export const statementsOf = (cql: string): string[] => {
  const pieces = cql.match(/'(?:[^']|'')*'|--.*|[^';-]+|[;-]/g) ?? [];
  const marked = pieces
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => (piece === ';' ? END : piece));
  return marked
    .join('')
    .split(END)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
};

/** Marks the end of a statement. No CQL text contains it. */
const END = '\0';

import { stripVTControlCharacters } from 'node:util';

/** What a part found: named figures where it printed some, else its last line. */
export type Figures = Readonly<Record<string, unknown>> | string;

/**
 * Of everything that a part printed, its figures: its last line, where that is JSON, or the row `All files` of a table of
 * files, such as those of coverage and of mutation, by the table's own names.
 */
export const figuresOf = (output: string): Figures => {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  return parseObject(last) ?? readTable(lines) ?? last;
};

const parseObject = (line: string): Figures | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // Words, which are not JSON.
    return undefined;
  }
};

const readTable = (lines: readonly string[]): Figures | undefined => {
  const rowOf = (name: string): readonly string[] | undefined =>
    lines
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .findLast(([first, ...cells]) => first === name && cells.length > 0);
  const names = rowOf('File');
  const totals = rowOf('All files');
  if (names === undefined || totals === undefined) return undefined;
  const figures = names
    .map((name, column): [string, number] => [name, Number.parseFloat(totals[column] ?? '')])
    .filter(([, figure]) => !Number.isNaN(figure));
  return Object.fromEntries(figures);
};

import { stripVTControlCharacters } from 'node:util';

/** What a part found: named figures if it printed some, otherwise its last line. */
export type Figures = Readonly<Record<string, unknown>> | string;

/**
 * Finds the figures in the output of a part. They are in the last line, if that is a JSON object, or in the
 * row `All files` of a table, as coverage and mutation print it. `{"bugs":52}` as the last line gives `{
 * bugs: 52 }`.
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
    // The line is not JSON.
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

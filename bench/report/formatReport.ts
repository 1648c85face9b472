import { format, formatInterval, type Result, type Section, type Target } from './result.ts';

/** What was measured on, and when. */
export interface Circumstances {
  /** One line each, such as the processor. */
  readonly lines: readonly string[];
  readonly isVoid: boolean;
}

/** The whole report for a terminal. */
export const formatReport = (result: Result, { lines, isVoid }: Circumstances): string =>
  [
    '',
    ...lines,
    '',
    ...result.sections.flatMap(formatSection),
    ...formatSection(targetSection(result.targets)),
    isVoid
      ? `VOID: a control strayed from 1 by more than 10% (${result.controls.map(format).join(', ')}). These timings mean nothing; the counts do.`
      : `Controls: ${result.controls.map(format).join(', ')}.`,
  ].join('\n');

/** The same as a part of a page in Markdown. */
export const formatPage = (result: Result, { lines, isVoid }: Circumstances): string =>
  [
    ...lines.map((line) => `- ${line}`),
    `- Controls (the same thing beside itself): ${result.controls.map(format).join(', ')}${isVoid ? ': VOID' : ''}`,
    '',
    ...[targetSection(result.targets), ...result.sections].flatMap(formatMarkdown),
  ].join('\n');

const targetSection = (targets: readonly Target[]): Section => ({
  title: 'Targets',
  notes: ['Medians with bootstrap 95% intervals. A ratio is taken within each round.'],
  columns: ['', 'measured', 'target', ''],
  rows: targets.map((one) => [one.name, formatInterval(one), one.target, one.met ? 'met' : 'MISSED']),
});

const formatSection = ({ title, notes, columns, rows }: Section): string[] => {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [title, ...notes.map((note) => `  ${note}`), ...all.map((row) => `  ${line(row)}`), ''];
};

const formatMarkdown = ({ title, notes, columns, rows }: Section): string[] => [
  `### ${title}`,
  ...notes,
  '',
  `| ${columns.join(' | ')} |`,
  `|${columns.map(() => ' --- |').join('')}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
  '',
];

import { type DeadLetterFilter, describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import type { DeadLetterList, Grouping } from '../../shared/operations/listDeadLetters.ts';
import { plural } from '../plural.ts';
import { showText } from '../showText.ts';
import { wrapText } from '../wrapText.ts';

const GROUPS_SHOWN_MAX = 20;
/** A table needs so many columns, and some more for the error. */
const TABLE_COLUMNS_MIN = 120;
const COUNT_WIDTH = 8;

interface ListOptions {
  readonly by: Grouping;
  readonly page: number;
  /** How many rows a page has; 0: none is shown. */
  readonly limit: number;
  /** What to know about the filter. */
  readonly note?: string | undefined;
  /** The terminal's width. Default: that of standard output. Without it, no line is broken. */
  readonly columns?: number | undefined;
}

/** Dead letters for a person: how many there are by group, and a page of them. */
export const formatList = (
  { total, groups, rows }: DeadLetterList,
  filter: DeadLetterFilter,
  { by, page, limit, note, columns = process.stdout.columns }: ListOptions,
): string => {
  const isNarrow = columns !== undefined && columns < TABLE_COLUMNS_MIN;
  return [
    `${plural(total, 'dead letter')} (${describeFilter(filter)})`,
    ...(note === undefined ? [] : [wrapText(note, columns)]),
    ...(total === 0 ? [] : ['', `By ${by}:`]),
    ...groups
      .slice(0, GROUPS_SHOWN_MAX)
      .map(({ name, count }) =>
        wrapText(`${String(count).padStart(COUNT_WIDTH)}  ${showText(name)}`, columns, COUNT_WIDTH + 2),
      ),
    ...(groups.length > GROUPS_SHOWN_MAX
      ? [`          and ${plural(groups.length - GROUPS_SHOWN_MAX, 'more group')}`]
      : []),
    ...(rows.length === 0
      ? []
      : isNarrow
        ? ['', ...rows.map((row) => formatBlock(row, columns))]
        : ['', header(), ...rows.map(formatRow)]),
    ...(limit === 0 || (page === 1 && total <= limit) ? [] : ['', placeOf({ page, limit }, total)]),
  ].join('\n');
};

/** How many pages there are, also of nothing one. @param limit how many rows a page has, at least 1. */
export const pagesOf = (total: number, limit: number): number => Math.max(1, Math.ceil(total / limit));

/** Where the page is, and where to go on. */
const placeOf = ({ page, limit }: Pick<ListOptions, 'page' | 'limit'>, total: number): string => {
  const pages = pagesOf(total, limit);
  if (page > pages) return `There is no page ${page}: the last one is ${pages}.`;
  const next = page < pages ? `; the next page: --page ${page + 1}` : '';
  return `${(page - 1) * limit + 1} to ${Math.min(page * limit, total)} of ${total}${next}`;
};

const header = (): string =>
  [
    'published'.padEnd(20),
    'id'.padEnd(32),
    'reason'.padEnd(9),
    'state'.padEnd(6),
    'order'.padEnd(10),
    'error',
  ].join('  ');

/** A row where a table would not fit. */
const formatBlock = (row: DeadLetterList['rows'][number], columns: number): string =>
  [
    `${row.id}  ${row.reason}, ${row.state}`,
    wrapText(`  ${timeOf(row)}, order ${row.orderId ?? '-'}`, columns, 2),
    wrapText(`  ${showText(row.error)}`, columns, 2),
  ].join('\n');

const timeOf = ({ publishedAtMs }: DeadLetterList['rows'][number]): string =>
  `${new Date(publishedAtMs).toISOString().slice(0, 19)}Z`;

const formatRow = (row: DeadLetterList['rows'][number]): string =>
  [
    timeOf(row),
    row.id,
    row.reason.padEnd(9),
    row.state.padEnd(6),
    String(row.orderId ?? '-').padEnd(10),
    showText(row.error),
  ].join('  ');

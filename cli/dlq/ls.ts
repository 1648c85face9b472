import type { Environment } from '../../shared/config.ts';
import { type DeadLetterFilter, describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import {
  type DeadLetterList,
  type Grouping,
  listDeadLetters,
} from '../../shared/operations/listDeadLetters.ts';
import { deadLetterColumns } from '../orderColumns.ts';
import { plural } from '../plural.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
import { showText } from '../showText.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { UnableError } from '../unableError.ts';
import { withOperations } from '../withOperations.ts';
import { type FilterOptions, toFilter } from './filterOptions.ts';

interface LsOptions extends FilterOptions {
  readonly by: Grouping;
  readonly sort: 'newest' | 'oldest';
  readonly limit: number;
  readonly page: number;
  /** Undefined: JSON unless standard output is a terminal. */
  readonly json: boolean | undefined;
}

const GROUPS_SHOWN_MAX = 20;

/**
 * Lists dead letters: how many there are by group, and a page of them.
 * @throws UnableError when it could not look.
 */
export const lsCommand = async (options: LsOptions, env: Environment): Promise<void> => {
  const json = options.json ?? !process.stdout.isTTY;
  const nowMs = Date.now();
  const filter = toFilter(options, { ids: [], nowMs, state: 'any' });
  const list = await withOperations(env, { json }, (store) =>
    listDeadLetters(store, filter, {
      nowMs,
      groupBy: options.by,
      sort: options.sort,
      page: options.page,
      pageRows: options.limit,
      onProgress: createRowProgress(createProgress(json ? 'json' : 'text'), 'Dead letters'),
    }).catch((error: unknown) => {
      throw new UnableError('could not look', { cause: error });
    }),
  );
  console.log(json ? toJsonLines(list, filter) : format(list, filter, options));
};

/** One line for each dead letter, and then one with the counts. */
const toJsonLines = (list: DeadLetterList, filter: DeadLetterFilter): string =>
  [
    ...list.rows.map((row) =>
      toJsonLine({ day: row.day, order_id: row.orderId, ...deadLetterColumns(row), state: row.state }),
    ),
    toJsonLine({ total: list.total, filter: describeFilter(filter), groups: list.groups }),
  ].join('\n');

const format = (
  { total, groups, rows }: DeadLetterList,
  filter: DeadLetterFilter,
  { by, page, limit }: LsOptions,
): string => {
  const first = (page - 1) * limit + 1;
  const pages = Math.ceil(total / limit);
  return [
    `${plural(total, 'dead letter')} (${describeFilter(filter)})`,
    ...(total === 0 ? [] : ['', `By ${by}:`]),
    ...groups
      .slice(0, GROUPS_SHOWN_MAX)
      .map(({ name, count }) => `${String(count).padStart(8)}  ${showText(name)}`),
    ...(groups.length > GROUPS_SHOWN_MAX
      ? [`          and ${plural(groups.length - GROUPS_SHOWN_MAX, 'more group')}`]
      : []),
    ...(rows.length === 0 ? [] : ['', header(), ...rows.map(formatRow)]),
    ...(pages > 1
      ? ['', `${first} to ${first + rows.length - 1} of ${total}; the next page: --page ${page + 1}`]
      : []),
  ].join('\n');
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

const formatRow = (row: DeadLetterList['rows'][number]): string =>
  [
    `${new Date(row.publishedAtMs).toISOString().slice(0, 19)}Z`,
    row.id,
    row.reason.padEnd(9),
    row.state.padEnd(6),
    String(row.orderId ?? '-').padEnd(10),
    showText(row.error),
  ].join('  ');

import type { Environment } from '../../shared/config.ts';
import { type DeadLetterFilter, describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import {
  type DeadLetterList,
  type Grouping,
  listDeadLetters,
} from '../../shared/operations/listDeadLetters.ts';
import { deadLetterColumns } from '../orderColumns.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { UnableError } from '../unableError.ts';
import { withOperations } from '../withOperations.ts';
import { type FilterOptions, noteOnLastDay, toFilter } from './filterOptions.ts';
import { formatList, pagesOf } from './formatList.ts';

interface LsOptions extends FilterOptions {
  readonly by: Grouping;
  readonly sort: 'newest' | 'oldest';
  readonly limit: number;
  readonly page: number;
  /** Undefined: JSON unless standard output is a terminal. */
  readonly json: boolean | undefined;
}

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
  const note = noteOnLastDay(options, filter);
  console.log(
    json ? toJsonLines(list, filter, { ...options, note }) : formatList(list, filter, { ...options, note }),
  );
};

/** One line for each dead letter, and then one with the counts. */
const toJsonLines = (
  list: DeadLetterList,
  filter: DeadLetterFilter,
  { page, limit, note }: Pick<LsOptions, 'page' | 'limit'> & { readonly note: string | undefined },
): string =>
  [
    ...list.rows.map((row) =>
      toJsonLine({ day: row.day, order_id: row.orderId, ...deadLetterColumns(row), state: row.state }),
    ),
    toJsonLine({
      total: list.total,
      ...(limit === 0 ? {} : { page, pages: pagesOf(list.total, limit) }),
      filter: describeFilter(filter),
      note,
      groups: list.groups,
    }),
  ].join('\n');

import { createLedgerIdsCache } from '../audit/look.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/store.ts';
import type { DeadLetterFilter, DeadLetterState } from './deadLetterFilter.ts';
import { deadLetterState } from './deadLetterState.ts';
import { selectGroups } from './selectDeadLetters.ts';

export const GROUPINGS = ['reason', 'topic', 'order', 'error'] as const;
/** What the counts are by. */
export type Grouping = (typeof GROUPINGS)[number];

interface ListOptions {
  readonly nowMs: number;
  readonly groupBy: Grouping;
  readonly sort: 'newest' | 'oldest';
  /** From 1. */
  readonly page: number;
  readonly pageRows: number;
  /** Called now and then with the number of rows that have been read. */
  readonly onProgress?: (rows: number) => void;
}

export interface DeadLetterList {
  /** How many dead letters match. */
  readonly total: number;
  /** The groups, the largest first. At most `GROUPS_MAX` are counted, and what is in no other group. */
  readonly groups: readonly { readonly name: string; readonly count: number }[];
  readonly rows: readonly (DeadLetterRow & { readonly state: DeadLetterState })[];
}

/** More groups than anybody reads. Orders and errors may be different in every row. */
const GROUPS_MAX = 1_000;
const OTHERS = 'others';

/**
 * Counts the dead letters that match, and returns a page of them. The state is computed for the page only,
 * unless the filter asks for one: then for every row. Memory is bounded by two pages up to the one that is
 * shown, and by the groups.
 */
export const listDeadLetters = async (
  source: OperationsStore,
  filter: DeadLetterFilter,
  { nowMs, groupBy, sort, page, pageRows, onProgress = () => {} }: ListOptions,
): Promise<DeadLetterList> => {
  const findIds = createLedgerIdsCache(source);
  const counts = new Map<string, number>();
  const kept = createKept(page * pageRows, sort);
  let total = 0;
  for await (const rows of selectGroups(source, filter, { nowMs, onProgress })) {
    total += rows.length;
    for (const row of rows) {
      const name = groupOf(row, groupBy);
      const group = counts.has(name) || counts.size < GROUPS_MAX ? name : OTHERS;
      counts.set(group, (counts.get(group) ?? 0) + 1);
      kept.add(row);
    }
  }
  const shown = kept.rows().slice((page - 1) * pageRows);
  const states = await Promise.all(
    shown.map(async (row) => filter.state ?? (await deadLetterState(source, row, findIds))),
  );
  return {
    total,
    groups: [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count),
    rows: shown.map((row, index) => ({ ...row, state: states[index] ?? 'open' })),
  };
};

/** Keeps the newest or the oldest rows, in the memory of two lists. */
const createKept = (most: number, sort: ListOptions['sort']) => {
  let list: DeadLetterRow[] = [];
  const sign = sort === 'newest' ? -1 : 1;
  const rows = () =>
    list
      .toSorted((a, b) => sign * (a.publishedAtMs - b.publishedAtMs) || (a.id < b.id ? -1 : 1))
      .slice(0, most);
  return {
    rows,
    add: (row: DeadLetterRow): void => {
      list.push(row);
      if (list.length >= 2 * most + 1_000) list = rows();
    },
  };
};

const groupOf = (row: DeadLetterRow, groupBy: Grouping): string => {
  switch (groupBy) {
    case 'reason':
      return row.reason;
    case 'topic':
      return row.originTopic;
    case 'order':
      return row.orderId?.toString() ?? 'unknown';
    case 'error':
    default:
      return kindOfError(row.error);
  }
};

/** Errors that differ only in their numbers are of one kind. `'payment 7 waits'` → `'payment # waits'`. */
const kindOfError = (error: string): string => error.replaceAll(/\d+(?:\.\d+)?/g, '#');

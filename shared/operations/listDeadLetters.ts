import { createLedgerIdsCache } from '../audit/look.ts';
import type { HeadColumn, OperationsStore, DeadLetterHead } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import type { DeadLetterFilter, DeadLetterState } from './deadLetterFilter.ts';
import { deadLetterState } from './deadLetterState.ts';
import { errorKindOf } from './errorKindOf.ts';
import { findHeads } from './findDeadLetters.ts';
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
  for await (const heads of headsOf(source, filter, { nowMs, groupBy, onProgress })) {
    total += heads.length;
    for (const head of heads) {
      const name = groupOf(head, groupBy);
      const group = counts.has(name) || counts.size < GROUPS_MAX ? name : OTHERS;
      counts.set(group, (counts.get(group) ?? 0) + 1);
      kept.add(head);
    }
  }
  const shown = kept.heads().slice((page - 1) * pageRows);
  const rows = (await Promise.all(shown.map((head) => rowOf(source, head)))).filter(
    (row) => row !== undefined,
  );
  const states = await Promise.all(
    rows.map(async (row) => filter.state ?? (await deadLetterState(source, row, findIds))),
  );
  return {
    total,
    groups: [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count),
    rows: rows.map((row, index) => ({ ...row, state: states[index] ?? 'open' })),
  };
};

/**
 * What it takes to count and to sort. Whole rows are read only where the state is asked for, or where the
 * filter names the rows.
 */
const headsOf = async function* (
  source: OperationsStore,
  filter: DeadLetterFilter,
  {
    nowMs,
    groupBy,
    onProgress,
  }: Pick<ListOptions, 'nowMs' | 'groupBy'> & { onProgress: (rows: number) => void },
): AsyncGenerator<readonly DeadLetterHead[]> {
  if (filter.state !== undefined || filter.ids.length > 0 || filter.orderId !== undefined) {
    yield* selectGroups(source, filter, { nowMs, onProgress });
    return;
  }
  let read = 0;
  for await (const heads of findHeads(source, filter, { nowMs, columns: COLUMNS_OF[groupBy] })) {
    read += heads.length;
    onProgress(read);
    yield heads;
  }
};

/** The columns of a grouping, beside those that every head has. */
const COLUMNS_OF: Readonly<Record<Grouping, readonly HeadColumn[]>> = {
  reason: [],
  topic: ['origin_topic'],
  order: ['order_id'],
  error: ['error'],
};

/** The whole row of a head. Undefined: it has expired since then. */
const rowOf = async (source: OperationsStore, head: DeadLetterHead): Promise<DeadLetterRow | undefined> =>
  (await source.findDeadLetters(head)).find(({ reason }) => reason === head.reason);

/** Keeps the newest or the oldest, in the memory of two lists. */
const createKept = (most: number, sort: ListOptions['sort']) => {
  let list: DeadLetterHead[] = [];
  const sign = sort === 'newest' ? -1 : 1;
  const heads = () =>
    list
      .toSorted((a, b) => sign * (a.publishedAtMs - b.publishedAtMs) || (a.id < b.id ? -1 : 1))
      .slice(0, most);
  return {
    heads,
    add: (head: DeadLetterHead): void => {
      list.push(head);
      if (list.length >= 2 * most + 1_000) list = heads();
    },
  };
};

const groupOf = (head: DeadLetterHead, groupBy: Grouping): string => {
  switch (groupBy) {
    case 'reason':
      return head.reason;
    case 'topic':
      return head.originTopic ?? '';
    case 'order':
      return head.orderId?.toString() ?? 'unknown';
    case 'error':
    default:
      return errorKindOf(head.error ?? '');
  }
};

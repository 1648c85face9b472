import { deadLetterKeyOf, isFoundByLedger } from '../domain/deadLetter.ts';
import { toLedgerEntries } from '../store/rows.ts';
import type { HeadColumn, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterHead, DeadLetterPlace, DeadLetterRow, OrderRecord } from '../store/store.ts';
import { createRowMatcher, type DeadLetterFilter, dayOf, headColumnsOf } from './deadLetterFilter.ts';
import { comparePlaces } from './parsePlace.ts';

type Source = Pick<OperationsStore, 'scanDay' | 'scanPlacesOfOrder' | 'findDeadLetters' | 'findOrderRecord'>;

/** The most reads at the same time. */
const READS_AT_ONCE = 64;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Where an id is looked for when nobody says the day: Pub/Sub did not exist before. */
const FIRST_DAY_MS = Date.UTC(2015);
/** A producer's day may have begun before ours. */
const CLOCKS_APART_MAX_MS = DAY_MS;

interface FindOptions {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Goes on behind this dead letter; from the first one when left out. */
  readonly after?: DeadLetterPlace | undefined;
}

/**
 * Finds dead letters, group by group, in the order of `comparePlaces`. The state in the filter is left aside.
 * With ids or an order it reads only their rows, and else all rows of the filter's days.
 */
export const findDeadLetters = async function* (
  source: Source,
  filter: DeadLetterFilter,
  { nowMs, after }: FindOptions,
): AsyncGenerator<readonly DeadLetterRow[]> {
  const matches = createRowMatcher(filter);
  if (filter.ids.length > 0 || filter.orderId !== undefined) {
    const rows =
      filter.ids.length > 0
        ? await findByIds(source, filter, nowMs)
        : await firstOfOrder(source, await source.findOrderRecord(filter.orderId ?? 0n), nowMs);
    const sorted = rows.filter(matches).toSorted(comparePlaces);
    yield sorted.filter((row) => after === undefined || comparePlaces(row, after) > 0);
    return;
  }
  for (const day of daysOf(filter, nowMs)) {
    if (after !== undefined && day < after.day) continue;
    for await (const rows of source.scanDay(day, day === after?.day ? after : undefined)) {
      yield rows.filter(matches);
    }
  }
};

/**
 * Finds the heads of dead letters of the filter's days, in any order. The filter names no ids and no order.
 * @param columns what is wanted of them beside what the filter itself reads.
 */
export const findHeads = async function* (
  source: Pick<OperationsStore, 'scanHeads'>,
  filter: DeadLetterFilter,
  { nowMs, columns }: { readonly nowMs: number; readonly columns: readonly HeadColumn[] },
): AsyncGenerator<readonly DeadLetterHead[]> {
  const matches = createRowMatcher(filter);
  // Always in the same order, so that there are few different statements to prepare.
  const read = [...new Set([...headColumnsOf(filter), ...columns])].toSorted();
  for (const day of daysOf(filter, nowMs)) {
    for await (const heads of source.scanHeads(day, read)) yield heads.filter(matches);
  }
};

const daysOf = ({ sinceMs, untilMs }: DeadLetterFilter, nowMs: number): readonly string[] => {
  const last = dayOf(untilMs ?? nowMs + CLOCKS_APART_MAX_MS);
  const days: string[] = [];
  for (let timeMs = sinceMs ?? FIRST_DAY_MS; ; timeMs += DAY_MS) {
    const day = dayOf(timeMs);
    if (day > last) return days;
    days.push(day);
  }
};

/**
 * All dead letters of an order, group by group, in no order.
 * @param record what the tables hold about the order. The keys of `unmatched` ones follow from its ledger.
 * @param span where it looks: a dead letter belongs to the month since which it stands.
 */
export const scanOfOrder = async function* (
  source: Pick<Source, 'scanPlacesOfOrder' | 'findDeadLetters'>,
  { orderId, ledger }: OrderRecord,
  span: { readonly sinceMs: number; readonly untilMs: number },
): AsyncGenerator<readonly DeadLetterRow[]> {
  const early = toLedgerEntries(ledger).filter(({ kind }) => kind === 'payment');
  const keys = early.map(({ eventId, publishedAtMs }) =>
    deadLetterKeyOf({ id: eventId, sinceMs: publishedAtMs }),
  );
  const isEarly = (row: DeadLetterRow): boolean => row.orderId === orderId && isFoundByLedger(row);
  yield* inGroups(keys, async (key) => (await source.findDeadLetters(key)).filter(isEarly));
  for await (const places of source.scanPlacesOfOrder(orderId, span)) {
    yield* inGroups(places, async (place) =>
      (await source.findDeadLetters(place)).filter(({ reason }) => reason === place.reason),
    );
  }
};

/** The span in which every dead letter is. */
export const everUntil = (nowMs: number) => ({
  sinceMs: FIRST_DAY_MS,
  untilMs: nowMs + CLOCKS_APART_MAX_MS,
});

/** The most dead letters of an order that are held at once. A producer that sends in a loop makes more. */
const OF_ORDER_MAX = 10_000;

/** The dead letters of an order in the order of their places: all, or so many of them. */
export const firstOfOrder = async (
  source: Pick<Source, 'scanPlacesOfOrder' | 'findDeadLetters'>,
  record: OrderRecord,
  nowMs: number,
): Promise<readonly DeadLetterRow[]> => {
  const found: DeadLetterRow[] = [];
  for await (const rows of scanOfOrder(source, record, everUntil(nowMs))) {
    found.push(...rows);
    if (found.length >= OF_ORDER_MAX) break;
  }
  return found.toSorted(comparePlaces);
};

/** An id says its shard, and not its day. So the days are tried, the latest first. */
const findByIds = async (
  source: Source,
  filter: DeadLetterFilter,
  nowMs: number,
): Promise<readonly DeadLetterRow[]> => {
  const days = daysOf(filter, nowMs).toReversed();
  const found: DeadLetterRow[] = [];
  for (const id of filter.ids) {
    const { shard } = deadLetterKeyOf({ id, sinceMs: 0 });
    for await (const rows of inGroups(days, (day) => source.findDeadLetters({ day, shard, id }))) {
      found.push(...rows);
      if (rows.length > 0) break;
    }
  }
  return found;
};

const inGroups = async function* <Item>(
  items: readonly Item[],
  find: (item: Item) => Promise<readonly DeadLetterRow[]>,
): AsyncGenerator<readonly DeadLetterRow[]> {
  for (let first = 0; first < items.length; first += READS_AT_ONCE) {
    const found = await Promise.all(items.slice(first, first + READS_AT_ONCE).map(find));
    yield found.flat();
  }
};

import { ledgerIdsOf } from '../audit/inspectDeadLetter.ts';
import { deadLetterKeyOf, isFoundByLedger } from '../domain/deadLetter.ts';
import { isErased } from '../domain/fold.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import { toLedgerEntries } from '../store/rows.ts';
import type { HeadColumn, OperationsStore, DeadLetterHead } from '../store/operationsStore.ts';
import type { DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import type { Store } from '../store/store.ts';
import { comparePlaces, type DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import {
  ANY_DEAD_LETTER,
  createRowMatcher,
  type DeadLetterFilter,
  headColumnsOf,
} from './deadLetterFilter.ts';
import { DAY_MS, dayOf } from '../domain/dayOf.ts';

type OrderSource = Pick<OperationsStore, 'scanPlacesOfOrder' | 'findDeadLetters'>;
type WholeSource = OrderSource & Pick<Store, 'findEntries'>;
type Source = OrderSource & Pick<OperationsStore, 'scanDay' | 'findOrderRecord'>;
type Span = Parameters<OperationsStore['scanPlacesOfOrder']>[1];

/** The most reads at the same time. */
const READS_AT_ONCE = 64;
/** Where an id is looked for when nobody says the day: Pub/Sub did not exist before. */
const FIRST_DAY_MS = Date.UTC(2015);
/** Another clock may be ahead of ours, so it may be tomorrow there. */
const CLOCKS_APART_MAX_MS = DAY_MS;
/** So many places of an order are sorted at a time. A producer that sends in a loop makes more. */
const SLICE_PLACES_MAX = 20_000;

interface FindOptions {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Goes on behind this dead letter; from the first one when left out. */
  readonly after?: DeadLetterPlace | undefined;
  /** Ends it before the next page, whether anything of that would fit or not. Default: nothing does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds dead letters, group by group, in the order of `comparePlaces`. It does not look at the state in the
 * filter. If the filter names ids, it reads only their rows. If the filter names an order, it reads only the
 * rows of that order. It reads all rows of the filter's days if the filter names neither. It also does so if
 * the filter wants `unmatched` ones of an order whose ledger is too long: the ledger tells where they are.
 */
export const findDeadLetters = async function* (
  source: Source,
  filter: DeadLetterFilter,
  { nowMs, after, signal }: FindOptions,
): AsyncGenerator<readonly DeadLetterRow[]> {
  const matches = createRowMatcher(filter);
  const isOver = (): boolean => signal?.aborted === true;
  if (filter.ids.length > 0) {
    const rows = (await findByIds(source, filter, nowMs)).filter(matches).toSorted(comparePlaces);
    yield rows.filter((row) => after === undefined || comparePlaces(row, after) > 0);
    return;
  }
  if (filter.orderId !== undefined) {
    const record = await source.findOrderRecord(filter.orderId);
    const isEarlyWanted =
      filter.reasons.length === 0 || filter.reasons.some((reason) => isFoundByLedger({ reason }));
    if (!isEarlyWanted || hasAllPayments(record)) {
      yield* findOfOrder(source, record, filter, { nowMs, after, signal });
      return;
    }
  }
  for (const day of daysOf(filter, nowMs)) {
    if (after !== undefined && day < after.day) continue;
    if (isOver()) return;
    for await (const rows of source.scanDay(day, day === after?.day ? after : undefined)) {
      if (isOver()) return;
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

const daysOf = (filter: DeadLetterFilter, nowMs: number): readonly string[] => {
  const { sinceMs, untilMs } = spanOf(filter, nowMs);
  const last = dayOf(untilMs);
  const days: string[] = [];
  for (let timeMs = sinceMs; ; timeMs += DAY_MS) {
    const day = dayOf(timeMs);
    if (day > last) return days;
    days.push(day);
  }
};

const spanOf = ({ sinceMs, untilMs }: DeadLetterFilter, nowMs: number): Span => ({
  sinceMs: sinceMs ?? FIRST_DAY_MS,
  untilMs: untilMs ?? nowMs + CLOCKS_APART_MAX_MS,
});

/** Whether the record has all payments of the order. They come before its versions. */
export const hasAllPayments = (record: OrderRecord): boolean => {
  const { isCut, hasOrder } = ledgerIdsOf(record);
  return !isCut || hasOrder;
};

/**
 * The dead letters of an order that a filter asks for, group by group, in the order of `comparePlaces`. It
 * sorts the places slice by slice, because they may be too many for the memory.
 * @param record what the tables hold about the order. The keys of `unmatched` ones follow from its ledger.
 */
export const findOfOrder = async function* (
  source: OrderSource,
  record: OrderRecord,
  filter: DeadLetterFilter,
  { nowMs, after, signal }: FindOptions,
): AsyncGenerator<readonly DeadLetterRow[]> {
  const matches = createRowMatcher(filter);
  const span = spanOf(filter, nowMs);
  const entries = toLedgerEntries(record.ledger);
  for (let last = after; ;) {
    const sinceMs = Math.max(span.sinceMs, last === undefined ? -Infinity : Date.parse(last.day));
    const places = await firstPlaces(
      placesOf(source, { orderId: record.orderId, entries }, { ...span, sinceMs }),
      createPlaceMatcher(filter, last),
    );
    for await (const looked of inGroups(places, (place) => lookAt(source, record, place))) {
      if (signal?.aborted === true) return;
      yield rowsOf(looked).filter(matches);
    }
    if (places.length < SLICE_PLACES_MAX) return;
    last = places.at(-1);
  }
};

/** Says from its place alone whether a dead letter may match, so that fewer rows are read. */
const createPlaceMatcher = (
  { reasons, sinceMs, untilMs }: DeadLetterFilter,
  after: DeadLetterPlace | undefined,
): ((place: DeadLetterPlace) => boolean) => {
  const [first, last] = [sinceMs, untilMs].map((timeMs) => timeMs && dayOf(timeMs));
  return (place) =>
    (reasons.length === 0 || reasons.includes(place.reason)) &&
    (first === undefined || place.day >= first) &&
    (last === undefined || place.day <= last) &&
    (after === undefined || comparePlaces(place, after) > 0);
};

/** The first ones in the order of `comparePlaces`, in the memory of two slices and a page. */
const firstPlaces = async (
  pages: AsyncIterable<readonly DeadLetterPlace[]>,
  isWanted: (place: DeadLetterPlace) => boolean,
): Promise<readonly DeadLetterPlace[]> => {
  let places: DeadLetterPlace[] = [];
  const first = () => places.toSorted(comparePlaces).slice(0, SLICE_PLACES_MAX);
  for await (const page of pages) {
    for (const place of page) if (isWanted(place)) places.push(place);
    if (places.length >= 2 * SLICE_PLACES_MAX) places = first();
  }
  return first();
};

/** A place of a dead letter, and the one that is seen there. */
interface LookedAt {
  readonly place: DeadLetterPlace;
  readonly row: DeadLetterRow | undefined;
}

/**
 * All places where dead letters of an order may be, group by group, in no order. A dead letter is written
 * after its place is known, so one that is not seen may still come. A ledger that the record has cut is read
 * whole: no limit may keep a person's data from an erasure.
 * @param record what the tables hold about the order. The keys of `unmatched` ones follow from its ledger.
 * @param span where it looks: a dead letter belongs to the month since which it stands.
 */
export const lookAtPlaces = async function* (
  source: WholeSource,
  record: OrderRecord,
  span: Span,
): AsyncGenerator<readonly LookedAt[]> {
  const { entries } = hasAllPayments(record)
    ? { entries: toLedgerEntries(record.ledger) }
    : await source.findEntries(record.orderId, true);
  for await (const places of placesOf(source, { orderId: record.orderId, entries }, span)) {
    yield* inGroups(places, (place) => lookAt(source, record, place));
  }
};

/** All dead letters of an order that are seen there. */
export const scanOfOrder = async function* (
  ...of: Parameters<typeof lookAtPlaces>
): AsyncGenerator<readonly DeadLetterRow[]> {
  for await (const looked of lookAtPlaces(...of)) yield rowsOf(looked);
};

const rowsOf = (looked: readonly LookedAt[]): readonly DeadLetterRow[] =>
  looked.flatMap(({ row }) => row ?? []);

/** Whether a dead letter has a payload that an erasure covers. */
export const isUnerased = (row: DeadLetterRow, erasedUpToMs: number): boolean =>
  row.payloadBytes > 0 && isErased(row, erasedUpToMs);

/**
 * Where the dead letters of an order are, in pages and in no order. At the place of a payment there is one
 * only if the payment came before its order.
 */
const placesOf = async function* (
  source: OrderSource,
  { orderId, entries }: { readonly orderId: bigint; readonly entries: readonly LedgerEntry[] },
  span: Span,
): AsyncGenerator<readonly DeadLetterPlace[]> {
  const payments = entries.filter(({ kind }) => kind === 'payment');
  yield payments.map(({ eventId, publishedAtMs }) => ({
    ...deadLetterKeyOf({ id: eventId, sinceMs: publishedAtMs }),
    reason: 'unmatched',
  }));
  yield* source.scanPlacesOfOrder(orderId, span);
};

/**
 * The place of an `unmatched` one was computed, so the row there may be about another order. Then the place
 * is left out.
 */
const lookAt = async (
  source: OrderSource,
  { orderId }: OrderRecord,
  place: DeadLetterPlace,
): Promise<readonly LookedAt[]> => {
  const row = (await source.findDeadLetters(place)).find(({ reason }) => reason === place.reason);
  const isOfAnother = row !== undefined && isFoundByLedger(row) && row.orderId !== orderId;
  return isOfAnother ? [] : [{ place, row }];
};

/** The span in which every dead letter is. */
export const everUntil = (nowMs: number): Span => spanOf(ANY_DEAD_LETTER, nowMs);

/** An id says its shard, and not its day. So the days are tried, the latest first. */
const findByIds = async (
  source: Source,
  filter: DeadLetterFilter,
  nowMs: number,
): Promise<readonly DeadLetterRow[]> => {
  const days = daysOf(filter, nowMs).toReversed();
  const found: DeadLetterRow[] = [];
  for (const id of new Set(filter.ids)) {
    const { shard } = deadLetterKeyOf({ id, sinceMs: 0 });
    for await (const rows of inGroups(days, (day) => source.findDeadLetters({ day, shard, id }))) {
      found.push(...rows);
      if (rows.length > 0) break;
    }
  }
  return found;
};

const inGroups = async function* <Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Promise<readonly Found[]>,
): AsyncGenerator<readonly Found[]> {
  for (let first = 0; first < items.length; first += READS_AT_ONCE) {
    const found = await Promise.all(items.slice(first, first + READS_AT_ONCE).map(find));
    yield found.flat();
  }
};

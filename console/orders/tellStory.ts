import { type Fold, fold } from '../../shared/domain/fold.ts';
import type { LedgerEntry } from '../../shared/domain/ledgerEntry.ts';
import { FACT_COLUMNS } from '../../shared/store/rows.ts';
import type { FactRow } from '../../shared/store/auditSource.ts';
import type { MessageAttempt, StoryItem, ToldLetter } from '../contract.ts';
import { type ColumnTexts, columnTexts } from './columnTexts.ts';
import { isTaken, sayArrival } from './sayArrival.ts';
import { sayEntry } from './sayEntry.ts';
import { tellChange } from './tellChange.ts';

/** So many events are told of one order, the newest; each is a fold of all before it. */
export const STORY_ENTRIES_MAX = 100;

interface StoryInput {
  readonly orderId: bigint;
  /** In the order in which they came, as far as that is known, else in that of their publish times. */
  readonly entries: readonly LedgerEntry[];
  readonly letters: readonly ToldLetter[];
  /** How an event came; undefined when nobody has seen it come. */
  readonly attemptsOf: (eventId: string) => readonly MessageAttempt[] | undefined;
}

export interface Story {
  readonly items: readonly StoryItem[];
  readonly leftOut: number;
  /** What the ledger says the row must be; null without an order. */
  readonly row: ColumnTexts | null;
  /** The value that a column had before, where it had one. */
  readonly before: ReadonlyMap<string, string | null>;
  readonly folded: Fold;
}

/** Tells entry by entry what came and what it changed. Pure. */
export const tellStory = ({ orderId, entries, letters, attemptsOf }: StoryInput): Story => {
  const leftOut = Math.max(0, entries.length - STORY_ENTRIES_MAX);
  const told = Map.groupBy(letters, ({ toldBy }) => toldBy);
  const items: StoryItem[] = [];
  const before = new Map<string, string | null>();
  let folded = fold(entries.slice(0, leftOut));
  let row = rowOf(orderId, folded);
  for (const [index, entry] of entries.slice(leftOut).entries()) {
    const number = leftOut + index + 1;
    const after = fold(entries.slice(0, number));
    const next = rowOf(orderId, after);
    const columns = changedColumns(row, next);
    for (const { name, was } of columns) if (row !== null && was !== null) before.set(name, was);
    const reasons = (told.get(entry.eventId) ?? []).map(({ reason }) => reason);
    const change = tellChange({ entry, number, before: folded, after });
    const attempts = attemptsOf(entry.eventId) ?? [];
    items.push({
      key: entry.eventId,
      kind: entry.kind,
      atMs: entry.publishedAtMs,
      ...sayEntry(entry),
      how: sayArrival(attempts),
      eventId: entry.kind === 'decision' ? null : entry.eventId,
      changed: change.changed,
      columns,
      state: reasons.some((reason) => reason !== 'unmatched') ? 'attn' : change.state,
      told: reasons,
    });
    items.push(...againItems(entry, attempts));
    [folded, row] = [after, next];
  }
  items.push(...letters.map((letter) => letterItem(letter, row !== null)));
  return { items: inOrder(items), leftOut, row, before, folded };
};

/** Deliveries after the one that was taken: Pub/Sub had not heard of its ack, or a copy came. */
const againItems = (entry: LedgerEntry, attempts: readonly MessageAttempt[]): readonly StoryItem[] =>
  attempts
    .slice(attempts.findIndex(isTaken) + 1)
    .filter(isTaken)
    .map((attempt) => ({
      key: `${entry.eventId}-${attempt.startedAtMs}`,
      kind: 'again',
      atMs: attempt.startedAtMs,
      state: 'calm',
      title: `the same ${entry.kind}, received again`,
      says: '',
      how: `attempt ${attempts.indexOf(attempt) + 1}`,
      eventId: entry.eventId,
      changed: 'Nothing. The entry was there.',
      columns: [],
      told: [],
    }));

const letterItem = (letter: ToldLetter, isOrderHere: boolean): StoryItem => ({
  key: `${letter.id}-${letter.reason}`,
  kind: 'deadLetter',
  atMs: letter.recordedAtMs ?? letter.publishedAtMs,
  state: letter.isOpen && letter.reason !== 'unmatched' ? 'attn' : 'said',
  title: `dead letter ${letter.reason}`,
  says: letter.isOpen ? 'open' : 'not open any more',
  how: letter.recordedAtMs === null ? '' : `recorded, from ${letter.topic}`,
  eventId: null,
  changed: sayLetter(letter, isOrderHere),
  columns: [],
  told: [],
});

const sayLetter = ({ reason, error, isOpen }: ToldLetter, isOrderHere: boolean): string => {
  if (!isOpen)
    return reason === 'unmatched' && isOrderHere
      ? 'The order came, so nobody waits.'
      : 'It needs nobody any more.';
  return reason === 'unmatched'
    ? 'It waits for its order; nothing to do.'
    : `${error.slice(0, 1).toUpperCase()}${error.slice(1)}.`;
};

/** The times of dead letters are of another clock, and an entry comes before what it told. */
const inOrder = (items: readonly StoryItem[]): readonly StoryItem[] => {
  const [letters, events] = [
    items.filter(({ kind }) => kind === 'deadLetter' || kind === 'again').toSorted((a, b) => a.atMs - b.atMs),
    items.filter(({ kind }) => kind !== 'deadLetter' && kind !== 'again'),
  ];
  const ordered: StoryItem[] = [];
  for (const event of events) {
    while (letters[0] !== undefined && letters[0].atMs < event.atMs) ordered.push(...letters.splice(0, 1));
    ordered.push(event);
  }
  return [...ordered, ...letters];
};

const rowOf = (orderId: bigint, { order, payment }: Fold): ColumnTexts | null =>
  order === undefined ? null : columnTexts(factOf(orderId, { order, payment }));

const factOf = (orderId: bigint, { order, payment }: Pick<Fold, 'order' | 'payment'>): FactRow => ({
  orderId,
  order: {
    customerId: order?.order.customerId,
    item: order?.order.item,
    quantity: order?.order.quantity,
    price: order?.order.price,
    shippingAddress: order?.order.shippingAddress,
    orderStatus: order?.order.orderStatus,
    creationDate: order?.order.creationDate,
  },
  payment: {
    paymentId: payment?.payment.paymentId,
    paymentMethod: payment?.payment.paymentMethod,
    cardLastFour: payment?.payment.cardLastFour,
    paymentStatus: payment?.payment.paymentStatus,
    paymentDatetime: payment?.payment.paymentDatetime,
  },
});

const changedColumns = (was: ColumnTexts | null, is: ColumnTexts | null): StoryItem['columns'] =>
  is === null
    ? []
    : FACT_COLUMNS.map((name) => ({ name, was: was?.[name] ?? null, is: is[name] })).filter(
        (column) => column.was !== column.is,
      );

import { type AuditCounts, createAuditCounts, LISTED_MAX } from '../../shared/audit/auditCounts.ts';
import type { OrderInspection } from '../../shared/audit/inspectOrder.ts';
import type { DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import type { DeadLetterRow, OrderRecord } from '../../shared/store/auditSource.ts';
import type { Snapshot } from '../feed/books.ts';

/** Counts things, and lists the ids of the first thousand events or orders that they are of. */
interface Listed {
  count: number;
  /** How many ids there are. An order may have several payments, and is one id. */
  total: number;
  readonly ids: string[];
}

/** What one pass over the tables found, beside what the audit counts. */
export interface PassTotals {
  readonly counts: AuditCounts;
  /** Entries of the ledger that were published before the snapshot. */
  readonly orderEntries: Listed;
  readonly paymentEntries: Listed;
  /** Dead letters `invalid` of events that are not in the ledger, published before the snapshot. */
  readonly invalid: Listed;
  /** How many of these three were published before this system was started. */
  readonly earlier: number;
  /** Events that are not acked and were not found. */
  readonly onTheirWay: Listed;
  /** Events that Pub/Sub has dropped without an ack, and were not found. */
  readonly dropped: Listed;
  /** Events that are acked and were not found, as far as their ids are kept. */
  readonly missing: Listed;
  /** Payments by where they are. */
  readonly shown: number;
  readonly beside: Listed;
  /** Their order is here, and its row shows none of its payments, or one that it does not have. */
  readonly notShown: Listed;
  readonly waitingSinceMs: number | null;
  /** Orders with a payment that waits for them, and with one that was discarded. */
  readonly waitingOrders: number;
  readonly discardedOrders: number;
  readonly resolved: number;
  /** Rows of the ledger, decisions too. */
  readonly ledgerRows: number;
  /** What is open, by reason, and since when. */
  readonly open: ReadonlyMap<DeadLetterReason, { readonly count: number; readonly sinceMs: number }>;
  /** Open `invalid` ones by what their error begins with, such as `price`. */
  readonly invalidErrors: ReadonlyMap<string, number>;
}

/** Different errors are counted up to this number. The others are one more. */
const ERRORS_MAX = 100;

interface PassTotalsOptions {
  /** Undefined: nobody knows what was published, so all entries count. */
  readonly snapshot: Snapshot | undefined;
  /** When this system was started. */
  readonly startedAtMs: number;
  readonly nowMs: number;
}

/**
 * Adds up one pass. It holds against the tables what Pub/Sub knew **before** the pass began, so that numbers
 * of different moments are never added:
 *
 * Take all events that were published before the moment S. Each of them was acked by S, or it was not. An ack
 * implies that the event is durable (I2), and the pass reads each row after S. So the pass finds every event
 * that was acked by S. One that was not acked by S is found, or it is not: then it is on its way, or Pub/Sub
 * has dropped it. What was published after S is left out on both sides, by its publish time (`recordAt`). So
 *
 *   found before S + (not acked by S and not found) = published before S
 *
 * holds at any load, however long the pass takes. When it does not, an acked event is in no table.
 *
 * What an earlier run left in the tables has a publish time before the start of this system. Nobody here
 * knows how much that was, so it counts on both sides, and the sum says how much it is.
 */
export const createPassTotals = ({ snapshot, startedAtMs, nowMs }: PassTotalsOptions) => {
  const beforeMs = snapshot?.beforeMs ?? Number.POSITIVE_INFINITY;
  const audit = createAuditCounts(nowMs);
  const onTheirWay = new Map(snapshot?.onTheirWay);
  const dropped = droppedOf(snapshot);
  const missing = new Set(snapshot?.acked);
  const [orderEntries, paymentEntries, invalid] = [newList(), newList(), newList()];
  const open = createOpen();
  const places = createPlaces();
  const sums = { earlier: 0, resolved: 0, ledgerRows: 0 };

  const found = (list: Listed, eventId: string, publishedAtMs: number): void => {
    missing.delete(eventId);
    onTheirWay.delete(eventId);
    dropped.delete(eventId);
    if (publishedAtMs >= beforeMs) return;
    add(list, eventId);
    sums.earlier += publishedAtMs < startedAtMs ? 1 : 0;
  };
  return {
    addOrder: (record: OrderRecord, inspection: OrderInspection): void => {
      audit.addOrder(inspection);
      places.add(record, inspection);
      sums.ledgerRows += record.ledger.length;
      for (const { eventId, kind, publishedAtMs, entry } of record.ledger) {
        if (entry?.kind === 'decision') sums.resolved += entry.decision === 'resolved' ? 1 : 0;
        else found(kind === 'payment' ? paymentEntries : orderEntries, eventId, publishedAtMs);
      }
      for (const { reason, sinceMs } of inspection.findings) open.add(reason, sinceMs);
    },
    /**
     * @param isInLedger the event of an `invalid` one was accepted after all, so the ledger has counted it.
     */
    addDeadLetter: (
      row: DeadLetterRow,
      state: { readonly isOpen: boolean; readonly isInLedger: boolean },
    ): void => {
      if (row.publishedAtMs >= beforeMs) return;
      audit.addDeadLetter(row.reason, state.isOpen);
      if (row.reason !== 'invalid') return;
      if (!state.isInLedger) found(invalid, row.id, row.publishedAtMs);
      if (!state.isOpen) return;
      open.add('invalid', row.publishedAtMs);
      open.addError(row.error.split(':', 1)[0] ?? '');
    },
    result: (): PassTotals => ({
      ...sums,
      ...places.result(),
      earlier: sums.earlier + countBefore(startedAtMs, [...onTheirWay.values(), ...dropped.values()]),
      counts: audit.counts(),
      orderEntries,
      paymentEntries,
      invalid,
      onTheirWay: listOf([...onTheirWay.keys()]),
      dropped: listOf([...dropped.keys()]),
      missing: listOf([...missing]),
      open: open.counts,
      invalidErrors: open.errors,
    }),
  };
};

/** What a later seek has brought back is on its way. */
const droppedOf = (snapshot: Snapshot | undefined): Map<string, number> =>
  new Map([...(snapshot?.dropped ?? [])].filter(([eventId]) => snapshot?.onTheirWay.has(eventId) !== true));

/** A redrive may bring an event of an earlier run that no table has yet. */
const countBefore = (beforeMs: number, timesMs: readonly number[]): number =>
  timesMs.filter((atMs) => atMs < beforeMs).length;

/** Counts payments by where they are. */
const createPlaces = () => {
  const [beside, notShown] = [newList(), newList()];
  const sums = { shown: 0, waitingOrders: 0, discardedOrders: 0 };
  let waitingSinceMs = Number.POSITIVE_INFINITY;
  return {
    add: ({ orderId, fact }: OrderRecord, { payments, orderExists }: OrderInspection): void => {
      if (!orderExists) {
        const waiting = payments.filter(({ isDiscarded }) => !isDiscarded);
        for (const { publishedAtMs } of waiting) waitingSinceMs = Math.min(waitingSinceMs, publishedAtMs);
        sums.waitingOrders += waiting.length > 0 ? 1 : 0;
        sums.discardedOrders += waiting.length < payments.length ? 1 : 0;
      } else if (payments.some(({ paymentId }) => paymentId === fact?.payment.paymentId)) {
        sums.shown += 1;
        if (payments.length > 1) add(beside, String(orderId), payments.length - 1);
      } else if (payments.length > 0) add(notShown, String(orderId), payments.length);
    },
    result: () => ({
      ...sums,
      beside,
      notShown,
      waitingSinceMs: Number.isFinite(waitingSinceMs) ? waitingSinceMs : null,
    }),
  };
};

/** Counts what is open, by reason, and the errors of what is invalid. */
const createOpen = () => {
  const counts = new Map<DeadLetterReason, { readonly count: number; readonly sinceMs: number }>();
  const errors = new Map<string, number>();
  return {
    counts,
    errors,
    add: (reason: DeadLetterReason, sinceMs: number): void => {
      const known = counts.get(reason) ?? { count: 0, sinceMs };
      counts.set(reason, { count: known.count + 1, sinceMs: Math.min(known.sinceMs, sinceMs) });
    },
    addError: (error: string): void => {
      if (errors.has(error) || errors.size < ERRORS_MAX) errors.set(error, (errors.get(error) ?? 0) + 1);
    },
  };
};

const newList = (): Listed => ({ count: 0, total: 0, ids: [] });

const add = (list: Listed, id: string, count = 1): void => {
  list.count += count;
  list.total += 1;
  if (list.ids.length < LISTED_MAX) list.ids.push(id);
};

const listOf = (ids: readonly string[]): Listed => ({
  count: ids.length,
  total: ids.length,
  ids: ids.slice(0, LISTED_MAX),
});

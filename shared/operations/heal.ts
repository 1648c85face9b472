import { inspectOrder } from '../audit/inspectOrder.ts';
import { isTold } from '../audit/look.ts';
import type { Report } from '../domain/deadLetter.ts';
import { fold } from '../domain/fold.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import { blanksOf } from '../protocol/blanksOf.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { Store } from '../store/store.ts';
import { eraseDeadLetters } from './eraseDeadLetter.ts';
import { everUntil, isUnerased } from './findDeadLetters.ts';

export interface HealDeps {
  readonly store: Pick<Store, 'findEntries' | 'showOrder' | 'recordDeadLetter'> & OperationsStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From here on dead letters are looked for, in milliseconds; from the first of all when left out. */
  readonly firstMs?: number;
}

/** What a heal wrote. */
export interface Healed {
  /** What was broken before, one sentence each. */
  readonly problems: readonly string[];
  /** What nobody had been told. */
  readonly told: readonly Report[];
  /** Dead letters that an erasure covers and that still had their payload. */
  readonly erased: number;
  /** False when the order has neither a row nor an event. Then nothing is written. */
  readonly isKnown: boolean;
}

/**
 * Folds an order again, and writes the row, the blanks of an erasure and the reports that follow. Each write
 * has the time that the events give. So a heal changes nothing that is right, and may run beside everything.
 */
export const heal = async (
  { store, clock, firstMs }: HealDeps,
  orderId: bigint,
  operation: Mandate,
): Promise<Healed> => {
  const record = await store.findOrderRecord(orderId);
  const { violations, reports } = inspectOrder(record);
  const isKnown = record.fact !== undefined || record.ledger.length > 0;
  const { entries } = await store.findEntries(orderId, true);
  const { order, payment, erasedUpToMs } = fold(entries);
  const columns = { orderId, order, payment: order && payment };
  if (order !== undefined) await store.showOrder({ ...columns, blanks: undefined });
  for (const blanks of blanksOf(entries, erasedUpToMs)) await store.showOrder({ ...columns, blanks });
  const span = { ...everUntil(clock()), ...(firstMs === undefined ? {} : { sinceMs: firstMs }) };
  const told = await tellWhatIsMissing({ store, clock }, reports, entries);
  // A dead letter that was on its way while the person was erased came with its payload.
  const erased =
    erasedUpToMs === undefined
      ? 0
      : await eraseDeadLetters(store, record, {
          erasedAtMs: erasedUpToMs,
          span,
          operation,
          isNoted: (row) => isUnerased(row, erasedUpToMs),
        });
  return { problems: violations.map(({ detail }) => detail), told, erased, isKnown };
};

const tellWhatIsMissing = async (
  { store, clock }: HealDeps,
  reports: readonly Report[],
  entries: readonly LedgerEntry[],
): Promise<readonly Report[]> => {
  const told: Report[] = [];
  for (const report of reports) {
    const teller = tellerOf(report, entries);
    if (teller === undefined || (await isTold(store, report))) continue;
    await store.recordDeadLetter(deadLetterOf(report, teller, clock()));
    told.push(report);
  }
  return told;
};

/**
 * The payment that waits, or the earliest event of the order. A message on its way that tells the same has no
 * earlier event, so what it writes has the last word.
 */
const tellerOf = (report: Report, entries: readonly LedgerEntry[]): LedgerEntry | undefined =>
  entries.find(({ eventId }) => eventId === report.id) ??
  entries.filter(({ kind }) => kind !== 'decision').toSorted((a, b) => a.publishedAtMs - b.publishedAtMs)[0];

/** The bytes of the event are in no table, so the dead letter has no payload. */
export const deadLetterOf = (report: Report, teller: LedgerEntry, recordedAtMs: number) => ({
  ...report,
  toldBy: teller.eventId,
  publishedAtMs: teller.publishedAtMs,
  originTopic: teller.kind === 'order' ? 'orders_data' : 'payments_data',
  originMessageId: '',
  recordedAtMs,
  payload: new Uint8Array(),
  payloadBytes: 0,
  payloadSha256: undefined,
  isRedacted: false,
  redriveCount: 0,
  orderId: teller.orderId,
  paymentId: teller.kind === 'payment' ? teller.payment.paymentId : undefined,
});

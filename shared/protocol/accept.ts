import type { Report } from '../domain/deadLetter.ts';
import { FINDING_REASONS } from '../domain/finding.ts';
import { type Fold, fold } from '../domain/fold.ts';
import { isClockRefused, type LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Order } from '../domain/order.ts';
import { ack, type Ack, type Subject } from '../messaging/settlement.ts';
import type { OrderShow, Store } from '../store/store.ts';
import { isFoldable } from '../store/collectLedger.ts';
import { blanksOf } from './blanksOf.ts';
import { cutReportsOf, reportsOf } from './reportsOf.ts';

export interface AcceptDeps {
  readonly store: Pick<Store, 'recordEntry' | 'findEntries' | 'showOrder'>;
  /** Resolves when the reports are durable. It is called only when there are some. */
  readonly tell: (reports: readonly Report[]) => Promise<void>;
}

/**
 * Accepts an event for its order, an operator's decision included: record, read, fold, show, tell, ack.
 *
 * Of all accepted events of an order, take the one whose record was acknowledged last. It reads the whole
 * set, because two quorums share a replica. So it shows all of it, and tells everything that it takes part
 * in. Whatever dies before its ack comes again. Reading first would be wrong, and so would be to skip
 * the write when nothing seems to change (docs/adr/0002-write-then-read-at-quorum.md).
 * @throws TransientError when the store or Pub/Sub does not answer in time.
 */
export const accept = async (entry: LedgerEntry, { store, tell }: AcceptDeps): Promise<Ack> => {
  await store.recordEntry(entry);
  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  const { entries, isWhole } = await store.findEntries(entry.orderId, isErasure);
  const folded = fold(entries);
  const isSayable = isFoldable({ entries, isWhole });
  for (const show of showsOf(entry, entries, folded)) await store.showOrder(show);
  const reports = isWhole ? reportsOf(entry, folded) : cutReportsOf(entry, { folded, isSayable });
  if (reports.length > 0) await tell(reports);

  const findings = FINDING_REASONS.filter((known) => reports.some(({ reason }) => reason === known));
  return ack(isSayable ? outcomeOf(folded) : 'too_many', subjectOf(entry), {
    findings,
    isClockRefused: isClockRefused(entry),
  });
};

/**
 * The writes of step 4: usually none or one, and one for each hundred entries that an erasure blanks. A read
 * that cannot be folded has no version of the order, so it shows nothing. But what it knows to be erased is
 * blanked.
 */
const showsOf = (
  entry: LedgerEntry,
  entries: readonly LedgerEntry[],
  { order, payment, erasedUpToMs }: Fold,
): readonly OrderShow[] => {
  const { orderId } = entry;
  const isShown =
    order !== undefined && (payment !== undefined || order.mustRewrite || bringsCustomer(entry, order.order));
  const columns = { orderId, order: isShown ? order : undefined, payment: order && payment };
  // Whoever records an entry that an erasure covers blanks it again.
  const parts = blanksOf(entry.kind === 'decision' ? entries : [entry], erasedUpToMs);
  if (parts.length > 0) return parts.map((blanks) => ({ ...columns, blanks }));
  return isShown ? [{ ...columns, blanks: undefined }] : [];
};

/**
 * Whether an older version has just written a customer under a guest's. The guest's null hides it, but only
 * until Cassandra purges the null: after `gc_grace_seconds`, ten days by default.
 */
const bringsCustomer = (entry: LedgerEntry, shown: Order): boolean =>
  entry.kind === 'order' && entry.order.customerId !== undefined && shown.customerId === undefined;

const outcomeOf = ({ order, payment }: Fold): string => {
  if (order === undefined) return 'parked';
  return payment === undefined ? 'stored' : 'matched';
};

const subjectOf = (entry: LedgerEntry): Subject => ({
  orderId: entry.orderId,
  paymentId: entry.kind === 'payment' ? entry.payment.paymentId : undefined,
});

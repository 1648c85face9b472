import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { accept } from '../../../shared/protocol/accept.ts';
import type { Store } from '../../../shared/store/store.ts';
import { deadLetterOf } from '../messages/records.ts';

/** Accepts entries one after another, as `onDlq` does: what they tell is recorded at once. */
export const acceptAll = async (store: Store, ...entries: readonly LedgerEntry[]): Promise<void> => {
  for (const entry of entries) {
    await accept(entry, {
      store,
      tell: async (reports) => {
        for (const report of reports) {
          await store.recordDeadLetter({ ...deadLetterOf(0), ...report, ...toldBy(entry) });
        }
      },
    });
  }
};

const toldBy = (entry: LedgerEntry) => ({
  toldBy: entry.eventId,
  publishedAtMs: entry.publishedAtMs,
  orderId: entry.orderId,
  paymentId: entry.kind === 'payment' ? entry.payment.paymentId : undefined,
});

/** A store that records entries and shows nothing: so die functions that never get further. */
export const recordOnly = async (store: Store, ...entries: readonly LedgerEntry[]): Promise<void> => {
  for (const entry of entries) await store.recordEntry(entry);
};

import { hash } from 'node:crypto';
import { EVENT_ID_HEX_DIGITS } from '../domain/isEventId.ts';
import type { DecisionEntry } from '../domain/ledgerEntry.ts';
import { accept } from '../protocol/accept.ts';
import type { Mandate } from '../store/operationsStore.ts';
import type { Store } from '../store/store.ts';

export type ProtocolStore = Pick<Store, 'recordEntry' | 'findEntries' | 'showOrder'>;

/** What is decided, about which order. */
interface Decided extends Pick<DecisionEntry, 'orderId' | 'decision' | 'ref'> {
  /** Milliseconds since the epoch. An erasure covers what was published up to it. */
  readonly decidedAtMs: number;
}

/**
 * Accepts an operator's decision with the same six steps as an event, so it is durable, never expires, and
 * whoever folds the order from now on knows it. Deciding the same again within an operation changes nothing.
 */
export const decide = async (
  store: ProtocolStore,
  { orderId, decision, ref, decidedAtMs }: Decided,
  { operationId, operator, because }: Mandate,
): Promise<void> => {
  const eventId = hash('sha256', [operationId, decision, orderId, ref].join('\n'));
  const entry: DecisionEntry = {
    kind: 'decision',
    orderId,
    decision,
    ref,
    because,
    decidedBy: operator,
    eventId: eventId.slice(0, EVENT_ID_HEX_DIGITS),
    publishedAtMs: decidedAtMs,
    atMs: decidedAtMs,
  };
  // A decision takes part in no finding. Only a ledger that is too long to be read would tell `too_many`
  // again, and each of its events has told that already.
  await accept(entry, { store, tell: async () => {} });
};

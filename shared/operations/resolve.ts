import { inspectOrder } from '../audit/inspectOrder.ts';
import type { Report } from '../domain/deadLetter.ts';
import { FINDING_REASONS, type FindingReason } from '../domain/finding.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { OrderRecord } from '../store/store.ts';
import { decide, type ProtocolStore } from './decide.ts';

/** The findings of an order that stand, and that nobody has resolved. */
export const openFindings = (record: OrderRecord): readonly Report[] =>
  inspectOrder(record).reports.filter(({ reason }) => FINDING_REASONS.some((known) => known === reason));

interface ResolveDeps {
  readonly store: ProtocolStore & Pick<OperationsStore, 'findOrderRecord'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Decides that findings of an order have been dealt with. If one of them changes later, it is another finding
 * and is told again.
 * @param reason only findings with it; all of the order when undefined.
 * @returns what was resolved; empty when there was nothing to resolve.
 */
export const resolve = async (
  { store, clock }: ResolveDeps,
  { orderId, reason }: { readonly orderId: bigint; readonly reason: FindingReason | undefined },
  operation: Mandate,
): Promise<readonly Report[]> => {
  const found = openFindings(await store.findOrderRecord(orderId));
  const chosen = found.filter((report) => reason === undefined || report.reason === reason);
  for (const { id } of chosen) {
    await decide(store, { orderId, decision: 'resolved', ref: id, decidedAtMs: clock() }, operation);
  }
  return chosen;
};

import { inspectOrder } from '../audit/inspectOrder.ts';
import type { Report } from '../domain/deadLetter.ts';
import { findingReport } from '../protocol/reportsOf.ts';
import { resolvedRefOf } from '../protocol/findingIdOf.ts';
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
 * Decides that findings of an order have been dealt with, as they are now. If one of them changes later, it
 * is told again.
 * @param reason only findings with it; all of the order when undefined.
 * @returns what was resolved; empty when there was nothing to resolve.
 */
export const resolve = async (
  { store, clock }: ResolveDeps,
  { orderId, reason }: { readonly orderId: bigint; readonly reason: FindingReason | undefined },
  operation: Mandate,
): Promise<readonly Report[]> => {
  const { findings, isCut } = inspectOrder(await store.findOrderRecord(orderId));
  // What a cut ledger shows depends on who reads it.
  const chosen = isCut ? [] : findings.filter((one) => reason === undefined || one.reason === reason);
  for (const finding of chosen) {
    const ref = resolvedRefOf(orderId, finding);
    await decide(store, { orderId, decision: 'resolved', ref, decidedAtMs: clock() }, operation);
  }
  return chosen.map((finding) => findingReport(orderId, finding));
};

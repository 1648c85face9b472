import { inspectOrder } from '../audit/inspectOrder.ts';
import type { Report } from '../domain/deadLetter.ts';
import { findingReport } from '../protocol/reportsOf.ts';
import { resolvedRefOf } from '../protocol/findingIdOf.ts';
import type { FindingReason } from '../domain/finding.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { OrderRecord } from '../store/auditSource.ts';
import { decide, type ProtocolStore } from './decide.ts';

/** A finding that stands, and that nobody has resolved. */
export interface OpenFinding extends Report {
  readonly reason: FindingReason;
  /** What a decision names that resolves it as it is now. It changes with what a person sees of it. */
  readonly ref: string;
}

/** The findings of an order that stand, and that nobody has resolved. */
export const openFindings = (record: OrderRecord): readonly OpenFinding[] =>
  inspectOrder(record).findings.map((finding) => ({
    ...findingReport(record.orderId, finding),
    reason: finding.reason,
    ref: resolvedRefOf(record.orderId, finding),
  }));

interface ResolveDeps {
  readonly store: ProtocolStore & Pick<OperationsStore, 'findOrderRecord'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Decides that findings of an order have been dealt with, as somebody has seen them. If one of them changes
 * later, it is told again.
 * @param refs those of the findings that were seen.
 * @returns what was resolved: without what has changed since, or stands no more.
 */
export const resolve = async (
  { store, clock }: ResolveDeps,
  { orderId, refs }: { readonly orderId: bigint; readonly refs: readonly string[] },
  operation: Mandate,
): Promise<readonly OpenFinding[]> => {
  const open = openFindings(await store.findOrderRecord(orderId));
  const seen = open.filter(({ ref }) => refs.includes(ref));
  for (const { ref } of seen) {
    await decide(store, { orderId, decision: 'resolved', ref, decidedAtMs: clock() }, operation);
  }
  return seen;
};

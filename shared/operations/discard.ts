import { noteAction } from './noteAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import { decide, type ProtocolStore } from './decide.ts';

interface DiscardDeps {
  readonly store: ProtocolStore & Pick<OperationsStore, 'recordAction'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Decides that nobody has to look at a dead letter any more. What is about an order becomes a decision in its
 * ledger. An `invalid` one is not in the ledger, so its discard stands beside its own row. For the others the
 * row beside them is history only, so it is written last.
 */
export const discard = async (
  { store, clock }: DiscardDeps,
  row: DeadLetterRow,
  operation: Mandate,
): Promise<void> => {
  const nowMs = clock();
  if (row.reason !== 'invalid' && row.orderId !== undefined) {
    const decided = { orderId: row.orderId, decision: 'discarded', ref: row.id, decidedAtMs: nowMs } as const;
    await decide(store, decided, operation);
  }
  await noteAction(store, row, operation, { kind: 'discarded', actedAtMs: nowMs });
};

import { noteAction } from './noteAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';

/** Takes the payload of a dead letter away, and notes that it was there. */
export const eraseDeadLetter = async (
  store: Pick<OperationsStore, 'erasePayload' | 'recordAction'>,
  row: DeadLetterRow,
  {
    erasedAtMs,
    operation,
  }: {
    readonly erasedAtMs: number;
    readonly operation: Mandate;
  },
): Promise<void> => {
  await store.erasePayload(row, erasedAtMs);
  await noteAction(store, row, operation, { kind: 'erased', actedAtMs: erasedAtMs });
};

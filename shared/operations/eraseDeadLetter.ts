import type { Operation, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/store.ts';

/** Takes the payload of a dead letter away, and notes that it was there. */
export const eraseDeadLetter = async (
  store: Pick<OperationsStore, 'erasePayload' | 'recordAction'>,
  row: DeadLetterRow,
  {
    erasedAtMs,
    operation,
  }: {
    readonly erasedAtMs: number;
    readonly operation: Pick<Operation, 'operationId' | 'operator' | 'because'>;
  },
): Promise<void> => {
  await store.erasePayload(row, erasedAtMs);
  const { operationId, operator, because } = operation;
  await store.recordAction(row, {
    reason: row.reason,
    kind: 'erased',
    actedAtMs: erasedAtMs,
    operationId,
    operator,
    because,
    redrives: undefined,
    detail: '',
  });
};

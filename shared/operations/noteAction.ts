import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';

type Done = Pick<DeadLetterAction, 'kind' | 'actedAtMs'> &
  Partial<Pick<DeadLetterAction, 'redrives' | 'detail'>>;

/** Notes what an operator did with a dead letter. Noting it again in the same operation changes nothing. */
export const noteAction = (
  store: Pick<OperationsStore, 'recordAction'>,
  row: DeadLetterRow,
  { operationId, operator, because }: Mandate,
  done: Done,
): Promise<void> =>
  store.recordAction(row, {
    redrives: undefined,
    detail: '',
    ...done,
    reason: row.reason,
    operationId,
    operator,
    because,
  });

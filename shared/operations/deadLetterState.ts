import type { ComparedDeadLetter } from '../audit/inspectDeadLetter.ts';
import { compareWithLedger, type FindLedgerIds } from '../audit/look.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterState } from './deadLetterFilter.ts';

/**
 * Whether a dead letter is open. It is computed from the ledger of its order each time, because a mark would
 * be a second truth.
 */
export const deadLetterState = async (
  source: Pick<OperationsStore, 'findActions'>,
  row: ComparedDeadLetter,
  findIds: FindLedgerIds,
): Promise<DeadLetterState> => ((await compareWithLedger(source, row, findIds)).isOpen ? 'open' : 'closed');

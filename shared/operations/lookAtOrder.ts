import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow, OrderRecord } from '../store/store.ts';
import { firstOfOrder } from './findDeadLetters.ts';

/** All that the tables hold about one order. */
export interface OrderView {
  readonly record: OrderRecord;
  readonly deadLetters: readonly DeadLetterRow[];
  /** What operators did with these dead letters, by the id of the dead letter, oldest first. */
  readonly actions: ReadonlyMap<string, readonly DeadLetterAction[]>;
}

/**
 * Reads all about an order: its rows, its dead letters, and what operators did with them.
 * @param nowMs milliseconds since the epoch; dead letters are looked for up to a day behind it.
 */
export const lookAtOrder = async (
  store: OperationsStore,
  orderId: bigint,
  nowMs: number,
): Promise<OrderView> => {
  const record = await store.findOrderRecord(orderId);
  const deadLetters = await firstOfOrder(store, record, nowMs);
  const actions = await Promise.all(
    deadLetters.map(async (row): Promise<[string, readonly DeadLetterAction[]]> => [
      row.id,
      await store.findActions(row),
    ]),
  );
  return { record, deadLetters, actions: new Map(actions) };
};

/** Whether no table has anything about the order. */
export const isUnknownOrder = ({ record, deadLetters }: OrderView): boolean =>
  record.fact === undefined && record.ledger.length === 0 && deadLetters.length === 0;

/** What operators did with one dead letter: another reason may have the same id. */
export const actionsOf = (
  { id, reason }: DeadLetterRow,
  actions: OrderView['actions'],
): readonly DeadLetterAction[] => (actions.get(id) ?? []).filter((action) => action.reason === reason);

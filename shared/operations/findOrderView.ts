import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import { ANY_DEAD_LETTER } from './deadLetterFilter.ts';
import { findOfOrder, hasAllPayments } from './findDeadLetters.ts';

/** The most dead letters of an order that are held at once. A producer that sends in a loop makes more. */
const DEAD_LETTERS_MAX = 10_000;

/** All that the tables hold about one order. */
export interface OrderView {
  readonly record: OrderRecord;
  /** The first of them, in the order of their places. */
  readonly deadLetters: readonly DeadLetterRow[];
  /** There may be more. */
  readonly areDeadLettersCut: boolean;
  /** What operators did with these dead letters, by the id of the dead letter, oldest first. */
  readonly actions: ReadonlyMap<string, readonly DeadLetterAction[]>;
}

/**
 * Reads all about an order: its rows, its dead letters, and what operators did with them.
 * @param nowMs milliseconds since the epoch; dead letters are looked for up to a day behind it.
 */
export const findOrderView = async (
  store: OperationsStore,
  orderId: bigint,
  nowMs: number,
): Promise<OrderView> => {
  const record = await store.findOrderRecord(orderId);
  const found: DeadLetterRow[] = [];
  for await (const rows of findOfOrder(store, record, { ...ANY_DEAD_LETTER, orderId }, { nowMs })) {
    found.push(...rows);
    if (found.length > DEAD_LETTERS_MAX) break;
  }
  const deadLetters = found.slice(0, DEAD_LETTERS_MAX);
  const actions = await Promise.all(
    deadLetters.map(async (row): Promise<[string, readonly DeadLetterAction[]]> => [
      row.id,
      await store.findActions(row),
    ]),
  );
  const areDeadLettersCut = found.length > deadLetters.length || !hasAllPayments(record);
  return { record, deadLetters, areDeadLettersCut, actions: new Map(actions) };
};

/** Whether no table has anything about the order. */
export const isUnknownOrder = ({ record, deadLetters }: OrderView): boolean =>
  record.fact === undefined && record.ledger.length === 0 && deadLetters.length === 0;

/** What operators did with one dead letter: another reason may have the same id. */
export const actionsOf = (
  { id, reason }: DeadLetterRow,
  actions: OrderView['actions'],
): readonly DeadLetterAction[] => (actions.get(id) ?? []).filter((action) => action.reason === reason);

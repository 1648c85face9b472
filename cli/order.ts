import type { DeadLetterAction } from '../shared/domain/deadLetterAction.ts';
import type { Environment } from '../shared/config.ts';
import { firstOfOrder } from '../shared/operations/findDeadLetters.ts';
import type { OperationsStore } from '../shared/store/operationsStore.ts';
import { formatOrder, type OrderView, toJsonOrder } from './formatOrder.ts';
import { UnableError } from './unableError.ts';
import { withOperations } from './withOperations.ts';

interface OrderCommandOptions {
  readonly orderId: bigint;
  readonly json: boolean;
}

/** No table has anything about the order: `tally order` exits 1. */
class OrderUnknownError extends Error {
  override readonly name = 'OrderUnknownError';
}

/**
 * Prints everything that the tables hold about one order.
 * @throws OrderUnknownError when they hold nothing; UnableError when it could not look.
 */
export const orderCommand = async (options: OrderCommandOptions, env: Environment): Promise<void> => {
  const view = await withOperations(env, options, (store) =>
    lookAtOrder(store, options.orderId).catch((error: unknown) => {
      throw new UnableError('could not look', { cause: error });
    }),
  );
  if (options.json) console.log(toJsonOrder(view));
  if (isEmpty(view)) {
    throw new OrderUnknownError(
      `order ${options.orderId} is unknown: it has no row, no event and no dead letter`,
    );
  }
  if (!options.json) console.log(formatOrder(view));
};

const isEmpty = ({ record, deadLetters }: OrderView): boolean =>
  record.fact === undefined && record.ledger.length === 0 && deadLetters.length === 0;

/** Reads all about an order: its rows, its dead letters, and what operators did with them. */
export const lookAtOrder = async (store: OperationsStore, orderId: bigint): Promise<OrderView> => {
  const record = await store.findOrderRecord(orderId);
  const deadLetters = await firstOfOrder(store, record, Date.now());
  const actions = await Promise.all(
    deadLetters.map(async (row): Promise<[string, readonly DeadLetterAction[]]> => [
      row.id,
      await store.findActions(row),
    ]),
  );
  return { record, deadLetters, actions: new Map(actions) };
};

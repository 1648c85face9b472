import type { Environment } from '../shared/config.ts';
import { isUnknownOrder, findOrderView } from '../shared/operations/findOrderView.ts';
import { formatOrder, toJsonOrder } from './formatOrder.ts';
import { logSearch } from './logSearch.ts';
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
    findOrderView(store, options.orderId, Date.now()).catch((error: unknown) => {
      throw new UnableError('could not look', { cause: error });
    }),
  );
  if (options.json) console.log(toJsonOrder(view));
  if (isUnknownOrder(view)) {
    throw new OrderUnknownError(
      `order ${options.orderId} is unknown: it has no row, no event and no dead letter`,
    );
  }
  if (!options.json) console.log(formatOrder(view, logSearch(options.orderId, env)));
};

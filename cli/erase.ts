import type { Environment } from '../shared/config.ts';
import { inspectOrder } from '../shared/audit/inspectOrder.ts';
import { eraseDeadLetter } from '../shared/operations/eraseDeadLetter.ts';
import { eraseOrder } from '../shared/operations/eraseOrder.ts';
import { isUnknownOrder, lookAtOrder } from '../shared/operations/lookAtOrder.ts';
import { type CustomerFinds, findCustomer } from '../shared/operations/findCustomer.ts';
import { runOperation } from '../shared/operations/runOperation.ts';
import type { OpenedStore } from '../shared/store/openOperationsStore.ts';
import type { Operation } from '../shared/store/operationsStore.ts';
import { askToGoOn } from './askToGoOn.ts';
import { operatorOf } from './operatorOf.ts';
import { plural } from './plural.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';
import { withOperations } from './withOperations.ts';

interface EraseOptions {
  readonly order: readonly bigint[] | undefined;
  readonly customer: bigint | undefined;
  readonly because: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** After the erasure a person's data was still there: `tally erase` exits 1. */
class NotErasedError extends Error {
  override readonly name = 'NotErasedError';
}

/** No table knows an order that was named, so nothing was erased: `tally erase` exits 1. */
class NothingToEraseError extends Error {
  override readonly name = 'NothingToEraseError';
}

/** What no command of ours reaches. */
const OUT_OF_REACH = [
  'messages that Pub/Sub still keeps: up to 7 days on the input topics, up to 31 days on the dead-letter topics. ' +
    'What of them is recorded later is blanked then; a late dead letter is named by the audit, and "tally heal" blanks it',
  'snapshots and backups of Cassandra, and its files until they are compacted',
  'what other programs have read: of the dead-letter topics, of the tables, of logs',
];

/**
 * Takes a person's data away. Keys, ids and times stay, and the erasure is an entry of the ledger.
 * @throws NotErasedError when some data is still there; NothingToEraseError when an order is unknown;
 * UnableError when it may not, or could not begin.
 */
export const eraseCommand = async (options: EraseOptions, env: Environment): Promise<void> => {
  const { order, customer, because, yes, json } = options;
  if ((order === undefined) === (customer === undefined)) {
    throw new UnableError('expected either --order or --customer');
  }
  await withOperations(env, { json, writes: true }, async (store) => {
    const found = await find(store, options);
    const what = `${plural(found.orderIds.size, 'order')} and ${plural(found.deadLetters.length, 'dead letter')} beside ${found.orderIds.size === 1 ? 'it' : 'them'}`;
    if (found.orderIds.size === 0 && found.deadLetters.length === 0) {
      console.log(
        json ? toJsonLine({ orders: 0, entries: 0, deadLetters: 0 }) : 'No table names this customer.',
      );
      return;
    }
    await askToGoOn(`A person’s data in ${what} would be erased. It cannot be brought back.`, yes);
    // The history never expires, so it does not name the customer.
    const filter =
      customer === undefined ? `order ${[...found.orderIds].join(' or ')}` : `a customer: ${what}`;
    const request = { action: 'erase', operator: operatorOf(env), filter, because };
    const sums = await runOperation({ store, clock: Date.now }, request, (operation) =>
      eraseAll(store, found, operation),
    );
    const left = await findLeft(store, found.orderIds);
    const { entries, deadLetters } = sums;
    if (json)
      console.log(
        toJsonLine({ orders: found.orderIds.size, entries, deadLetters, outOfReach: OUT_OF_REACH }),
      );
    else
      console.log(
        [`Erased: ${sums.summary}.`, 'Not reached:', ...OUT_OF_REACH.map((one) => `  - ${one}`)].join('\n'),
      );
    if (left.length > 0)
      throw new NotErasedError(`run it again, because data is still there: ${left.join('; ')}`);
  });
};

const find = async (store: OpenedStore, { order, customer, json }: EraseOptions): Promise<CustomerFinds> => {
  if (customer === undefined) {
    const orderIds = new Set(order);
    // Whoever mistypes an order must not believe that the person is forgotten.
    for (const orderId of orderIds) {
      if (isUnknownOrder(await lookAtOrder(store, orderId, Date.now())))
        throw new NothingToEraseError(`nothing was erased, because no table knows order ${orderId}`);
    }
    return { orderIds, deadLetters: [] };
  }
  return findCustomer(store, customer, createRowProgress(createProgress(json ? 'json' : 'text'), 'Rows'));
};

const eraseAll = async (
  store: OpenedStore,
  { orderIds, deadLetters }: CustomerFinds,
  operation: Operation,
) => {
  let [entries, letters] = [0, 0];
  for (const row of deadLetters) {
    await eraseDeadLetter(store, row, { erasedAtMs: Date.now(), operation });
    letters += 1;
  }
  for (const orderId of orderIds) {
    const erased = await eraseOrder({ store, clock: Date.now }, orderId, operation);
    entries += erased.entries;
    letters += erased.deadLetters;
  }
  const rows = orderIds.size === 1 ? 'its row' : 'their rows';
  const summary = `${plural(entries, 'entry', 'entries')} of ${plural(orderIds.size, 'order')}, ${rows}, and ${plural(letters, 'dead letter')}`;
  return { entries, deadLetters: letters, summary };
};

/** What the audit would say of these orders. */
const findLeft = async (store: OpenedStore, orderIds: ReadonlySet<bigint>): Promise<readonly string[]> => {
  const left: string[] = [];
  for (const orderId of orderIds) {
    const { violations } = inspectOrder(await store.findOrderRecord(orderId));
    left.push(...violations.map(({ detail }) => detail));
  }
  return left;
};

import type { Environment } from '../shared/config.ts';
import { inspectOrder } from '../shared/audit/inspectOrder.ts';
import { ANY_DEAD_LETTER, type DeadLetterFilter } from '../shared/operations/deadLetterFilter.ts';
import { eraseDeadLetter } from '../shared/operations/eraseDeadLetter.ts';
import { eraseOrder } from '../shared/operations/eraseOrder.ts';
import { isUnknownOrder, findOrderView } from '../shared/operations/findOrderView.ts';
import { type CustomerFinds, findCustomer } from '../shared/operations/findCustomer.ts';
import { everUntil, findDeadLetters, isUnerased, scanOfOrder } from '../shared/operations/findDeadLetters.ts';
import { HalfDoneError, runOperation } from '../shared/operations/runOperation.ts';
import type { OpenedStore } from '../shared/store/openOperationsStore.ts';
import type { Mandate } from '../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../shared/store/auditSource.ts';
import { askToGoOn } from './askToGoOn.ts';
import { operatorOf } from './operatorOf.ts';
import { plural } from './plural.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { sayUnclosed } from './sayUnclosed.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';
import { withOperations } from './withOperations.ts';

interface EraseOptions {
  readonly order: readonly bigint[] | undefined;
  readonly customer: bigint | undefined;
  /** The ids of `invalid` dead letters. */
  readonly deadLetter: readonly string[] | undefined;
  readonly because: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** After the erasure a person's data was still there: `tally erase` exits 1. */
class NotErasedError extends Error {
  override readonly name = 'NotErasedError';
}

/** No table knows what was named, so nothing was erased: `tally erase` exits 1. */
class NothingToEraseError extends Error {
  override readonly name = 'NothingToEraseError';
}

/** What no command of ours reaches. */
const OUT_OF_REACH = [
  'messages that Pub/Sub still keeps: up to 7 days on the input topics, up to 31 days on the dead-letter topics. ' +
    'What of them is recorded later is blanked then; a late dead letter is named by the audit, and "tally heal" blanks it',
  'snapshots and backups of Cassandra, and its files until they are compacted',
  'the memory of "npm start": it shows no erased payload, and keeps it until its message is opened on the page, ' +
    '10,000 newer ones have come, or it ends',
  'what other programs have read: of the dead-letter topics, of the tables, of logs',
];

/** What the search for a customer cannot find. */
const NOT_FOUND =
  'invalid messages that have no customer_id as a number, such as compressed ones: "tally dlq ls --reason invalid" lists all';

/** So many dead letters to look at are printed. `--json` has all. */
const LOOK_AT_SHOWN_MAX = 20;

/**
 * Takes a person's data away. Keys, ids and times stay, and the erasure is an entry of the ledger.
 * @throws NotErasedError when some data is still there; NothingToEraseError when an order, a customer or a
 * dead letter is unknown; UnableError when it may not, or could not begin; HalfDoneError when the store did
 * not answer any more.
 */
export const eraseCommand = async (options: EraseOptions, env: Environment): Promise<void> => {
  const { order, customer, deadLetter, because, yes, json } = options;
  if ([order, customer, deadLetter].filter((one) => one !== undefined).length !== 1) {
    throw new UnableError('expected one of --order, --customer and --dead-letter');
  }
  await withOperations(env, { json, writes: true }, async (store) => {
    const found = await find(store, options);
    const lookAt = found.unclear.map(({ id }) => id);
    const outOfReach = customer === undefined ? OUT_OF_REACH : [...OUT_OF_REACH, NOT_FOUND];
    if (found.orderIds.size === 0 && found.deadLetters.length === 0) {
      if (json) console.log(toJsonLine({ orders: 0, entries: 0, deadLetters: 0, lookAt, outOfReach }));
      else console.log(sayRest(lookAt, outOfReach).join('\n'));
      // Whoever mistypes a customer must not believe that the person is forgotten either.
      const clearly = lookAt.length === 0 ? '' : ' clearly';
      throw new NothingToEraseError(`nothing was erased, because no table names this customer${clearly}`);
    }
    const what = sayFound(found);
    await askToGoOn(`A person’s data in ${what} would be erased. It cannot be brought back.`, yes);
    const sums: Sums = { orders: 0, entries: 0, deadLetters: 0 };
    const isBegun = () => sums.orders + sums.deadLetters > 0;
    const saySoFar = () => (isBegun() ? `${sayErased(sums)} erased` : undefined);
    const deps = { store, clock: Date.now, onUnclosed: sayUnclosed, saySoFar };
    const request = { action: 'erase', operator: operatorOf(env), filter: filterOf(options, what), because };
    await runOperation(deps, request, async (operation) => {
      await eraseAll(store, found, { operation, sums });
      return { summary: sayErased(sums) };
    }).catch((error: unknown) => {
      const rest = restOf(found, sums);
      if (error instanceof HalfDoneError)
        console.log(
          json
            ? toJsonLine({
                ...sums,
                left: { orders: rest.orderIds.size, deadLetters: rest.deadLetters.length },
              })
            : `Erased: ${sayErased(sums)}. Left: ${sayFound(rest)}. Run the same command again.`,
        );
      throw error;
    });
    console.log(
      json
        ? toJsonLine({ ...sums, lookAt, outOfReach })
        : [`Erased: ${sayErased(sums)}.`, ...sayRest(lookAt, outOfReach)].join('\n'),
    );
    const left = await findLeft(store, found.orderIds);
    if (left.length > 0)
      throw new NotErasedError(`run it again, because data is still there: ${left.join('; ')}`);
  });
};

const sayFound = ({ orderIds, deadLetters }: CustomerFinds): string => {
  const letters = plural(deadLetters.length, 'dead letter');
  if (orderIds.size === 0) return letters;
  const orders = `${plural(orderIds.size, 'order')} with ${orderIds.size === 1 ? 'its' : 'their'} dead letters`;
  return deadLetters.length === 0
    ? orders
    : `${orders}, and ${letters} beside ${orderIds.size === 1 ? 'it' : 'them'}`;
};

/** The history never expires, so it does not name the customer. */
const filterOf = ({ order, deadLetter }: EraseOptions, what: string): string => {
  if (order !== undefined) return `order ${[...new Set(order)].join(' or ')}`;
  return deadLetter === undefined ? `a customer: ${what}` : `id ${deadLetter.join(' or ')}`;
};

const sayRest = (lookAt: readonly string[], outOfReach: readonly string[]): string[] => [
  ...(lookAt.length === 0
    ? []
    : [
        'Look at these dead letters ("tally dlq show ID"). If one names the customer, name it with --dead-letter:',
        ...lookAt.slice(0, LOOK_AT_SHOWN_MAX).map((id) => `  ${id}`),
        ...(lookAt.length > LOOK_AT_SHOWN_MAX
          ? [`  and ${lookAt.length - LOOK_AT_SHOWN_MAX} more: --json lists all`]
          : []),
      ]),
  'Not reached:',
  ...outOfReach.map((one) => `  - ${one}`),
];

const find = async (
  store: OpenedStore,
  { order, customer, deadLetter, json }: EraseOptions,
): Promise<CustomerFinds> => {
  if (customer !== undefined)
    return findCustomer(store, customer, createRowProgress(createProgress(json ? 'json' : 'text'), 'Rows'));
  const orderIds = new Set(order);
  // Whoever mistypes an order must not believe that the person is forgotten.
  for (const orderId of orderIds) {
    if (isUnknownOrder(await findOrderView(store, orderId, Date.now())))
      throw new NothingToEraseError(`nothing was erased, because no table knows order ${orderId}`);
  }
  return { orderIds, deadLetters: await findInvalid(store, deadLetter ?? []), unclear: [] };
};

/** The others are about events of the ledger, so they are erased with their order. */
const findInvalid = async (store: OpenedStore, ids: readonly string[]): Promise<readonly DeadLetterRow[]> => {
  if (ids.length === 0) return [];
  const filter: DeadLetterFilter = { ...ANY_DEAD_LETTER, ids, reasons: ['invalid'] };
  const rows = (await Array.fromAsync(findDeadLetters(store, filter, { nowMs: Date.now() }))).flat();
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0)
    throw new NothingToEraseError(
      `nothing was erased, because there is no invalid dead letter ${unknown.join(' or ')}`,
    );
  return rows;
};

/** What an erasure has taken away so far. An order, with its entries, counts when the whole of it is done. */
interface Sums {
  orders: number;
  entries: number;
  deadLetters: number;
}

const eraseAll = async (
  store: OpenedStore,
  { orderIds, deadLetters }: CustomerFinds,
  { operation, sums }: { readonly operation: Mandate; readonly sums: Sums },
): Promise<void> => {
  const clock = store.clockMs;
  for (const row of deadLetters) {
    // Its event may be younger than that clock says.
    const erasedAtMs = Math.max(await clock(), row.publishedAtMs);
    await eraseDeadLetter(store, row, { erasedAtMs, operation });
    sums.deadLetters += 1;
  }
  for (const orderId of orderIds) {
    const onDeadLetter = () => (sums.deadLetters += 1);
    const { entries } = await eraseOrder({ store, clock, onDeadLetter }, orderId, operation);
    sums.orders += 1;
    sums.entries += entries;
  }
};

const sayErased = ({ orders, entries, deadLetters }: Sums): string => {
  const erased = plural(deadLetters, 'dead letter');
  const rows = orders === 1 ? 'its row' : 'their rows';
  return orders === 0
    ? erased
    : `${plural(entries, 'entry', 'entries')} of ${plural(orders, 'order')}, ${rows}, and ${erased}`;
};

/** What is left to do. The dead letters that stand alone come before the orders. */
const restOf = (found: CustomerFinds, { orders, deadLetters }: Sums): CustomerFinds => ({
  ...found,
  orderIds: new Set([...found.orderIds].slice(orders)),
  deadLetters: found.deadLetters.slice(deadLetters),
});

/** What the audit would say of these orders and of their dead letters. */
const findLeft = async (store: OpenedStore, orderIds: ReadonlySet<bigint>): Promise<readonly string[]> => {
  const left: string[] = [];
  const span = everUntil(Date.now());
  for (const orderId of orderIds) {
    const record = await store.findOrderRecord(orderId);
    const { violations, erasedUpToMs } = inspectOrder(record);
    left.push(...violations.map(({ detail }) => detail));
    if (erasedUpToMs === undefined) continue;
    for await (const rows of scanOfOrder(store, record, span)) {
      const unerased = rows.filter((row) => isUnerased(row, erasedUpToMs));
      left.push(...unerased.map(({ id, reason }) => `dead letter ${id} (${reason}) still has its payload`));
    }
  }
  return left;
};

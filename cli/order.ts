import type { DeadLetterKey } from '../shared/domain/deadLetter.ts';
import { type Environment, loadConfig } from '../shared/config.ts';
import { openAuditSource } from '../shared/store/openStore.ts';
import type { AuditSource } from '../shared/store/store.ts';
import { formatOrder, type OrderView, toJsonOrder } from './formatOrder.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { withRunningSystem } from './runFile.ts';
import { UnableError } from './unableError.ts';

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
  const view = await look(options, env).catch((error: unknown) => {
    throw new UnableError('could not look', { cause: error });
  });
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

const look = async ({ orderId, json }: OrderCommandOptions, env: Environment): Promise<OrderView> => {
  const { store } = loadConfig(await withRunningSystem(env));
  const source = await openAuditSource(store);
  const onRows = createRowProgress(createProgress(json ? 'json' : 'text'), 'Dead letters');
  try {
    const keys = await findDeadLetterKeys(source, orderId, onRows);
    // Read after the scan, which may take minutes, so that all that is printed is of the same moment.
    const record = await source.findOrderRecord(orderId);
    const deadLetters = [];
    for (const key of keys) deadLetters.push(...(await source.findDeadLetters(key)));
    return { record, deadLetters };
  } finally {
    await source.close();
  }
};

/** The table is keyed by event and has no index on orders, so all of it is read. */
const findDeadLetterKeys = async (
  source: AuditSource,
  orderId: bigint,
  onRows: (rows: number) => void,
): Promise<Iterable<DeadLetterKey>> => {
  // One id may have dead letters with two reasons, which share their key.
  const keys = new Map<string, DeadLetterKey>();
  let rows = 0;
  for await (const { orderId: about, id, day, shard } of source.scanDeadLetters()) {
    rows += 1;
    onRows(rows);
    if (about === orderId) keys.set(`${day}/${id}`, { id, day, shard });
  }
  return keys.values();
};

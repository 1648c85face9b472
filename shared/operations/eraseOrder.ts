import { isErased } from '../domain/fold.ts';
import type { LedgerRow } from '../store/auditSource.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import { decide, type ProtocolStore } from './decide.ts';
import { eraseDeadLetters } from './eraseDeadLetter.ts';
import { everUntil, scanOfOrder } from './findDeadLetters.ts';

interface EraseDeps {
  readonly store: ProtocolStore & OperationsStore;
  /**
   * Milliseconds since the epoch. Not this machine's clock: one that is ahead would erase what is published
   * after the erasure.
   */
  readonly clock: () => number | Promise<number>;
  /** From here on dead letters are looked for, in milliseconds; from the first of all when left out. */
  readonly firstMs?: number;
  /** Called for each dead letter that is erased. */
  readonly onDeadLetter?: () => void;
}

/** What an erasure of one order took away. */
interface Erased {
  readonly entries: number;
  readonly deadLetters: number;
}

/**
 * Takes a person's data away in all that the tables have about an order now.
 * @returns how much was taken away.
 */
export const eraseOrder = async (deps: EraseDeps, orderId: bigint, operation: Mandate): Promise<Erased> => {
  const record = await deps.store.findOrderRecord(orderId);
  // All that is here is covered, also when that clock is behind that of Pub/Sub.
  let erasedAtMs = latestOf(record.ledger, await deps.clock());
  for await (const rows of scanOfOrder(deps.store, record, everUntil(erasedAtMs))) {
    erasedAtMs = latestOf(rows, erasedAtMs);
  }
  // Where only a dead letter names the customer, nothing would lead to the order once its payload is gone.
  if (!record.ledger.some(hasCustomer)) await decideErased(deps.store, { orderId, erasedAtMs }, operation);
  return eraseUpTo(deps, { orderId, erasedAtMs }, operation);
};

const hasCustomer = ({ entry }: LedgerRow): boolean =>
  entry?.kind === 'order' && entry.order.customerId !== undefined;

/** What an erasure covers. */
interface Covered {
  readonly orderId: bigint;
  readonly erasedAtMs: number;
}

/** Also where no message of the order has been accepted yet: one that was published before may still come. */
export const decideErased = (
  store: ProtocolStore,
  { orderId, erasedAtMs }: Covered,
  operation: Mandate,
): Promise<void> =>
  decide(store, { orderId, decision: 'erased', ref: '', decidedAtMs: erasedAtMs }, operation);

const latestOf = (rows: readonly { readonly publishedAtMs: number }[], atMs: number): number =>
  rows.reduce((latest, { publishedAtMs }) => Math.max(latest, publishedAtMs), atMs);

/**
 * Takes a person's data away in what was published up to a time: in the payloads of dead letters, then in the
 * ledger and the row. The keys stay. The dead letters come first: an erasure that dies half-way is begun
 * again by whoever looks for the customer, and the ledger is where the customer is found.
 */
export const eraseUpTo = async (
  { store, firstMs, onDeadLetter }: Omit<EraseDeps, 'clock'>,
  { orderId, erasedAtMs }: Covered,
  operation: Mandate,
): Promise<Erased> => {
  const record = await store.findOrderRecord(orderId);
  const span = { ...everUntil(erasedAtMs), ...(firstMs === undefined ? {} : { sinceMs: firstMs }) };
  const deadLetters = await eraseDeadLetters(store, record, {
    erasedAtMs,
    span,
    operation,
    isNoted: (row) => isErased(row, erasedAtMs),
    onDeadLetter,
  });
  await decideErased(store, { orderId, erasedAtMs }, operation);
  const entries = record.ledger.filter(({ kind }) => kind !== 'decision').length;
  return { entries, deadLetters };
};

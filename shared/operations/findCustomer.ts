import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import { namesCustomer } from './namesCustomer.ts';

/** What has a customer's id. */
export interface CustomerFinds {
  /** Also those of which only an `invalid` dead letter is known: the order itself may still come. */
  readonly orderIds: ReadonlySet<bigint>;
  /** `invalid` dead letters, which are in no ledger. */
  readonly deadLetters: readonly DeadLetterRow[];
  /** Others of which only a person can tell whether they have it: their bodies are unclear, or were cut. */
  readonly unclear: readonly DeadLetterRow[];
}

/**
 * Finds all that names a customer: any version of an order in the ledger, a row, and the payload of an
 * `invalid` dead letter. No table is keyed by customer, so all tables are read.
 * @param onProgress called with the number of rows that have been read.
 */
export const findCustomer = async (
  store: OperationsStore,
  customerId: bigint,
  onProgress: (rows: number) => void = () => {},
): Promise<CustomerFinds> => {
  const orderIds = new Set<bigint>();
  const deadLetters: DeadLetterRow[] = [];
  const unclear: DeadLetterRow[] = [];
  let rows = 0;
  for await (const { orderId, fact, ledger } of store.scanOrders()) {
    rows += 1;
    onProgress(rows);
    const isTheirs =
      fact?.order.customerId === customerId ||
      ledger.some(({ entry }) => entry?.kind === 'order' && entry.order.customerId === customerId);
    if (isTheirs) orderIds.add(orderId);
  }
  for await (const row of store.scanDeadLetters()) {
    rows += 1;
    onProgress(rows);
    if (row.reason !== 'invalid' || (row.orderId !== undefined && orderIds.has(row.orderId))) continue;
    const payload = await store.findPayload(row, row.reason);
    const naming = namesCustomer(
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString(),
      customerId,
    );
    const isCut = row.payloadSha256 !== undefined && payload.byteLength > 0;
    if (naming === 'theirs') {
      const unknownOrder = await unknownOrderOf(store, row);
      if (unknownOrder === undefined) deadLetters.push(row);
      else orderIds.add(unknownOrder);
    } else if (naming === 'unclear' || isCut) unclear.push(row);
  }
  return { orderIds, deadLetters, unclear };
};

/** The order that it names, if no event of it is in the ledger: then nobody else's data is in it. */
const unknownOrderOf = async (
  store: OperationsStore,
  { orderId }: DeadLetterRow,
): Promise<bigint | undefined> => {
  if (orderId === undefined) return undefined;
  const { ledger } = await store.findOrderRecord(orderId);
  return ledger.length === 0 ? orderId : undefined;
};

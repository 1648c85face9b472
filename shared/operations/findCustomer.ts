import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/store.ts';

/** What has a customer's id. */
export interface CustomerFinds {
  readonly orderIds: ReadonlySet<bigint>;
  /** `invalid` dead letters, which are in no ledger. */
  readonly deadLetters: readonly DeadLetterRow[];
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
    if (names(await store.findPayload(row, row.reason), customerId)) deadLetters.push(row);
  }
  return { orderIds, deadLetters };
};

/** A body that is no valid order may still name its customer. It need not be JSON. */
const names = (payload: Uint8Array, customerId: bigint): boolean =>
  new RegExp(`"customer_id"\\s*:\\s*"?${customerId}(?:\\.0+)?"?\\s*[,}]`).test(
    Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString(),
  );

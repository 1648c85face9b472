import { deserialize, serialize } from 'node:v8';
import { TransientError } from '../errors.ts';
import type { OperationsStore, DeadLetterHead } from './operationsStore.ts';
import type { DeadLetterRow, OrderRecord } from './auditSource.ts';
import type { Store } from './store.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import { STATEMENT_TIMEOUT_MS } from '../deadlines.ts';

/**
 * The store's methods that the local runtime's memory server offers. It answers with a whole scan at once.
 */
type MemoryStoreMethod = Exclude<keyof (Store & OperationsStore), 'close'>;

/**
 * A store in the memory of another process of this machine: `tally up` runs one when there is no Cassandra.
 * Arguments and results travel as V8's structured clones, which keep bigint, bytes and undefined as they are.
 * @param url `http://127.0.0.1:<port>` of that process.
 */
export const createMemoryStoreClient = (url: string): Store & OperationsStore => {
  const call = async (method: MemoryStoreMethod, ...args: unknown[]): Promise<unknown> => {
    const signal = AbortSignal.timeout(STATEMENT_TIMEOUT_MS);
    const body = new Uint8Array(serialize(args));
    const exchange = async () => {
      const response = await fetch(`${url}/${method}`, { method: 'POST', body, signal });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    const { status, bytes } = await exchange().catch((error: unknown) => {
      throw new TransientError('the store did not answer', { cause: error });
    });
    if (status !== 200) throw new Error(`the memory store answered ${status}: ${bytes.toString()}`);
    return deserialize(bytes);
  };
  // The server calls the method of the same name, so arguments and result have the types of that method.
  const method =
    <Name extends MemoryStoreMethod>(name: Name) =>
    (...args: Parameters<(Store & OperationsStore)[Name]>) =>
      call(name, ...args) as ReturnType<(Store & OperationsStore)[Name]>;

  return {
    recordEntry: method('recordEntry'),
    findEntries: method('findEntries'),
    showOrder: method('showOrder'),
    recordDeadLetter: method('recordDeadLetter'),
    findOrderRecord: method('findOrderRecord'),
    findLedger: method('findLedger'),
    findDeadLetters: method('findDeadLetters'),
    findPayload: method('findPayload'),
    findActions: method('findActions'),
    mayHaveExpired: method('mayHaveExpired'),
    recordAction: method('recordAction'),
    erasePayload: method('erasePayload'),
    recordOperation: method('recordOperation'),
    findOperations: method('findOperations'),
    clockMs: method('clockMs'),
    scanPlacesOfOrder: async function* (orderId, span) {
      yield* (await call('scanPlacesOfOrder', orderId, span)) as (readonly DeadLetterPlace[])[];
    },
    scanDay: async function* (day, after) {
      yield* (await call('scanDay', day, after)) as (readonly DeadLetterRow[])[];
    },
    scanHeads: async function* (day, columns) {
      yield* (await call('scanHeads', day, columns)) as (readonly DeadLetterHead[])[];
    },
    scanDeadLetterPages: async function* () {
      yield* (await call('scanDeadLetterPages')) as (readonly DeadLetterRow[])[];
    },
    scanOrders: async function* (after) {
      yield* (await call('scanOrders', after)) as OrderRecord[];
    },
    scanDeadLetters: async function* (after) {
      yield* (await call('scanDeadLetters', after)) as DeadLetterRow[];
    },
    close: async () => {},
  };
};

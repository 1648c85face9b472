import { types } from 'cassandra-driver';
import { type DeadLetter, deadLetterKeyOf, isFoundByLedger, monthOf } from '../domain/deadLetter.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import {
  deadLetterWriteTime,
  erasureWriteTime,
  ledgerWriteTime,
  orderWriteTime,
} from '../domain/writeTimes.ts';
import { type CassandraClient, type CassandraConnection } from './driver/cassandraClient.ts';
import { deadLetterCells, entryCells, entryKey, orderCells, paymentCells, personalCells } from './columns.ts';
import { toLedgerEntries, toLedgerRow } from './rows.ts';
import { collectLedger } from './collectLedger.ts';
import type { LedgerRead, OrderShow, Store } from './store.ts';
import { TransientError } from '../errors.ts';
import { HANDLE_TIMEOUT_MS } from '../deadlines.ts';
import { createGate } from './driver/createGate.ts';
import { readPages } from './driver/readPages.ts';
import { toStoreError } from './driver/toStoreError.ts';

/** A statement with its values, in the order of its markers. The driver leaves undefined values unset. */
interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

const assignments = (cells: object): string => `${Object.keys(cells).join(' = ?, ')} = ?`;

/** An UPDATE writes its cells and nothing else. An INSERT would also write a row marker with a write time. */
const updateFact = (orderId: bigint, cells: object, writeTime: bigint): Statement => ({
  query: `UPDATE orders_payments_facts USING TIMESTAMP ? SET ${assignments(cells)} WHERE order_id = ?`,
  params: [writeTime, ...Object.values(cells), orderId],
});

const insert = (table: string, cells: object, writeTime: bigint): Statement => {
  const columns = Object.keys(cells);
  const markers = columns.map(() => '?').join(', ');
  return {
    query: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${markers}) USING TIMESTAMP ?`,
    params: [...Object.values(cells), writeTime],
  };
};

const insertEntry = (entry: LedgerEntry): Statement =>
  insert(
    'ledger_by_order',
    { order_id: entry.orderId, ...entryKey(entry), ...entryCells(entry) },
    ledgerWriteTime(entry),
  );

const blankEntry = (entry: LedgerEntry, erasedAtMs: number): Statement => {
  const cells = { ...personalCells(entry), erased_at: new Date(erasedAtMs) };
  const key = entryKey(entry);
  const where = Object.keys(key).map((column) => ` AND ${column} = ?`);
  return {
    query: `UPDATE ledger_by_order USING TIMESTAMP ? SET ${assignments(cells)} WHERE order_id = ?${where.join('')}`,
    params: [erasureWriteTime(erasedAtMs), ...Object.values(cells), entry.orderId, ...Object.values(key)],
  };
};

const insertDeadLetter = (deadLetter: DeadLetter): Statement => {
  const { day, shard, id } = deadLetterKeyOf(deadLetter);
  return insert(
    'dead_letters',
    {
      day: types.LocalDate.fromString(day),
      shard,
      event_id: id,
      reason: deadLetter.reason,
      ...deadLetterCells(deadLetter),
      // The driver takes bytes as a Buffer only.
      payload: Buffer.from(deadLetter.payload),
    },
    deadLetterWriteTime({ eventId: deadLetter.toldBy, publishedAtMs: deadLetter.publishedAtMs }),
  );
};

/**
 * Says where a dead letter of an order is found. Undefined when the ledger says it, or when it names no
 * order.
 */
const insertPlace = (deadLetter: DeadLetter): Statement | undefined => {
  const { orderId, reason, toldBy, publishedAtMs } = deadLetter;
  if (orderId === undefined || isFoundByLedger(deadLetter)) return undefined;
  const { day, shard, id } = deadLetterKeyOf(deadLetter);
  return insert(
    'dead_letters_by_order',
    {
      order_id: orderId,
      month: monthOf(day),
      day: types.LocalDate.fromString(day),
      shard,
      event_id: id,
      reason,
    },
    deadLetterWriteTime({ eventId: toldBy, publishedAtMs }),
  );
};

/**
 * Most orders have a handful of entries, so one page is usual. It is small, because an order that is sent
 * again for ever has many older versions behind the first. A larger ledger is read in larger pages.
 */
const SELECT_ENTRIES = {
  query: 'SELECT * FROM ledger_by_order WHERE order_id = ?',
  pageRows: 50,
  laterPageRows: 200,
};

/**
 * A ledger with so many entries is read to its end when there is room for it. A producer that uses one
 * order id for everything sends many messages at once, and each of them reads all of that order. Ten thousand
 * long entries take 15 MB.
 */
const LARGE_LEDGER_ENTRIES = 1_000;
const LARGE_LEDGERS_AT_ONCE = 4;

/**
 * The store on Cassandra. The client sets consistency, preparation and idempotence: see `cassandraClient.ts`.
 * @param client the store's `close` closes it.
 */
export const createCassandraStore = (client: CassandraClient): Store => {
  const run = async <T>(use: (connection: CassandraConnection) => Promise<T>): Promise<T> => {
    try {
      return await use(await client.connect());
    } catch (error) {
      throw toStoreError(error);
    }
  };
  /**
   * Several statements go in an unlogged batch. It is atomic only because they share a partition key, so the
   * coordinator makes one mutation of them.
   */
  const write = async (...statements: readonly Statement[]): Promise<void> => {
    const queries = statements.map(({ query, params }) => ({ query, params: [...params] }));
    const [only, ...others] = queries;
    if (only === undefined) return;
    assertWritten(
      await run((connection) =>
        others.length === 0
          ? connection.execute(only.query, only.params)
          : connection.batch(queries, { logged: false }),
      ),
    );
  };

  const largeLedgers = createGate({
    max: LARGE_LEDGERS_AT_ONCE,
    what: 'reads of large ledgers',
    waitMs: HANDLE_TIMEOUT_MS,
  });

  return {
    recordEntry: (entry) => write(insertEntry(entry), ...ownColumns(entry)),
    findEntries: async (orderId, isComplete): Promise<LedgerRead> => {
      const ledger = collectLedger(isComplete);
      const startedAt = performance.now();
      const pages = readPages(client, { ...SELECT_ENTRIES, params: [orderId] });
      /** @returns whether the read is over. */
      const readUpTo = async (entriesMax: number): Promise<boolean> => {
        while (ledger.read().entries.length < entriesMax) {
          const isLate = entriesMax === Infinity && performance.now() - startedAt > HANDLE_TIMEOUT_MS;
          // The message has been given up. An operator's erasure takes as long as it takes.
          if (isLate && !isComplete)
            throw new TransientError(`a large ledger was not read within ${HANDLE_TIMEOUT_MS} ms`);
          const page = await pages.next();
          if (page.done === true || toLedgerEntries(page.value.map(toLedgerRow)).some(ledger.add))
            return true;
        }
        return false;
      };
      if (!(await readUpTo(LARGE_LEDGER_ENTRIES))) await largeLedgers(() => readUpTo(Infinity));
      return ledger.read();
    },
    showOrder: (show) => write(...showStatements(show)),
    recordDeadLetter: async (deadLetter) => {
      const place = insertPlace(deadLetter);
      // Two partitions, so no batch. The place comes first: what is told now may not be told again after a
      // crash, and an erasure would never find a dead letter without its place. A place without a dead letter
      // does no harm.
      if (place !== undefined) await write(place);
      await write(insertDeadLetter(deadLetter));
    },
    close: () => client.close(),
  };
};

/** The columns of the fact that an order writes itself, at the write time of its version. */
const ownColumns = (entry: LedgerEntry): readonly Statement[] =>
  entry.kind === 'order' ? [updateFact(entry.orderId, orderCells(entry.order), orderWriteTime(entry))] : [];

const showStatements = ({ orderId, order, payment, blanks }: OrderShow): readonly Statement[] => [
  ...(order === undefined ? [] : [updateFact(orderId, orderCells(order.order), order.writeTime)]),
  ...(payment === undefined ? [] : [updateFact(orderId, paymentCells(payment.payment), payment.writeTime)]),
  ...(blanks === undefined ? [] : blanks.entries.map((entry) => blankEntry(entry, blanks.erasedAtMs))),
];

/**
 * Checks that a write was answered as a write. An answer with rows belongs to another statement. Then nobody
 * knows whether the write is done, and the message must not be acked (I2).
 */
const assertWritten = ({ rows }: { readonly rows?: readonly unknown[] }): void => {
  if (rows !== undefined) throw new Error(`a write was answered with ${rows.length} rows`);
};

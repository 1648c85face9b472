import { types } from 'cassandra-driver';
import { type DeadLetter, deadLetterKeyOf } from '../domain/deadLetter.ts';
import type { EventStamp } from '../domain/event.ts';
import type { Payment } from '../domain/payment.ts';
import { writeTimeOf } from '../domain/writeTimeOf.ts';
import { type CassandraClient, type CassandraConnection } from './cassandraClient.ts';
import { orderCells, paymentCells } from './columns.ts';
import { toLedgerEntries, toLedgerRow } from './rows.ts';
import type { Store } from './store.ts';
import { readRows } from './readPages.ts';
import { toStoreError } from './toStoreError.ts';

/** A statement with its values, in the order of its markers. The driver leaves undefined values unset. */
interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

const assignments = (cells: object): string => `${Object.keys(cells).join(' = ?, ')} = ?`;

/** An UPDATE writes its cells and nothing else. An INSERT would also write a row marker with a write time. */
const updateFact = (orderId: bigint, cells: object, stamp: EventStamp): Statement => ({
  query: `UPDATE orders_payments_facts USING TIMESTAMP ? SET ${assignments(cells)} WHERE order_id = ?`,
  params: [writeTimeOf(stamp), ...Object.values(cells), orderId],
});

const insert = (table: string, cells: object, stamp: EventStamp): Statement => {
  const columns = Object.keys(cells);
  const markers = columns.map(() => '?').join(', ');
  return {
    query: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${markers}) USING TIMESTAMP ?`,
    params: [...Object.values(cells), writeTimeOf(stamp)],
  };
};

const insertLedger = (payment: Payment, stamp: EventStamp, parked: boolean | undefined): Statement =>
  insert(
    'payments_by_order',
    {
      order_id: payment.orderId,
      event_id: stamp.eventId,
      published_at: new Date(stamp.publishedAtMs),
      ...paymentCells(payment),
      parked,
    },
    stamp,
  );

const insertDeadLetter = (deadLetter: DeadLetter): Statement =>
  insert(
    'dead_letters',
    {
      ...deadLetterPartition(deadLetter),
      event_id: deadLetter.eventId,
      reason: deadLetter.reason,
      error: deadLetter.error,
      origin_topic: deadLetter.originTopic,
      origin_message_id: deadLetter.originMessageId,
      published_at: new Date(deadLetter.publishedAtMs),
      recorded_at: new Date(deadLetter.recordedAtMs),
      order_id: deadLetter.orderId,
      payment_id: deadLetter.paymentId,
      payload: Buffer.from(deadLetter.payload),
      redacted: deadLetter.isRedacted,
      redrive_count: deadLetter.redriveCount,
    },
    deadLetter,
  );

const SELECT_FACT = 'SELECT customer_id, payment_id FROM orders_payments_facts WHERE order_id = ?';
/** An order has a handful of payments, so one page is usual. */
const PAYMENTS_PAGE_ROWS = 1_000;
const SELECT_PAYMENTS = 'SELECT * FROM payments_by_order WHERE order_id = ?';
const MARK_MATCHED =
  'UPDATE dead_letters USING TIMESTAMP ? SET matched_at = ? WHERE day = ? AND shard = ? AND event_id = ? AND reason = ?';

/** The partition key of an event's dead letters, as the driver binds it. */
const deadLetterPartition = (stamp: EventStamp): { day: types.LocalDate; shard: number } => {
  const { day, shard } = deadLetterKeyOf(stamp);
  return { day: types.LocalDate.fromString(day), shard };
};

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
  const execute = ({ query, params }: Statement) =>
    run((connection) => connection.execute(query, [...params]));
  const write = async (statement: Statement): Promise<void> => assertWritten(await execute(statement));
  /**
   * Sends an unlogged batch. It is atomic only because its statements share a partition key in each table.
   */
  const writeBatch = async (statements: readonly Statement[]): Promise<void> => {
    const queries = statements.map(({ query, params }) => ({ query, params: [...params] }));
    assertWritten(await run((connection) => connection.batch(queries, { logged: false })));
  };

  return {
    recordOrder: (order, stamp) => write(updateFact(order.orderId, orderCells(order), stamp)),
    findPayments: async (orderId) => {
      const rows = await readRows(client, SELECT_PAYMENTS, [orderId], PAYMENTS_PAGE_ROWS);
      return toLedgerEntries(rows.map(toLedgerRow));
    },
    findFact: async (orderId) => {
      // Not `first()`: it takes an answer without a list of rows for an empty list. The order would seem
      // missing.
      const [row] = (await execute({ query: SELECT_FACT, params: [orderId] })).rows;
      return {
        orderExists: isPresent(row?.get('customer_id')),
        paymentId: row?.get('payment_id') ?? undefined,
      };
    },
    recordPayment: (payment, stamp) =>
      writeBatch([
        updateFact(payment.orderId, paymentCells(payment), stamp),
        insertLedger(payment, stamp, undefined),
      ]),
    attachPayments: (entries) =>
      writeBatch(
        entries.map(({ payment, ...stamp }) => updateFact(payment.orderId, paymentCells(payment), stamp)),
      ),
    parkPayment: (payment, stamp) => write(insertLedger(payment, stamp, true)),
    recordDeadLetter: (deadLetter) => write(insertDeadLetter(deadLetter)),
    markMatched: (stamp, matchedAtMs) => {
      const { day, shard } = deadLetterPartition(stamp);
      const params = [writeTimeOf(stamp), new Date(matchedAtMs), day, shard, stamp.eventId, 'unmatched'];
      return write({ query: MARK_MATCHED, params });
    },
    close: () => client.close(),
  };
};

/**
 * Checks that a write was answered as a write. An answer with rows belongs to another statement. Then nobody
 * knows whether the write is done, and the message must not be acked (I2).
 */
const assertWritten = ({ rows }: { readonly rows?: readonly unknown[] }): void => {
  if (rows !== undefined) throw new Error(`a write was answered with ${rows.length} rows`);
};

const isPresent = (value: unknown): boolean => value !== null && value !== undefined;

import { types } from 'cassandra-driver';
import type { DeadLetterKey } from '../domain/deadLetter.ts';
import { type CassandraClient, readRows } from './cassandraClient.ts';
import { toDeadLetterRow, toFactRow, toLedgerRow, toPayload } from './rows.ts';
import type { AuditSource, DeadLetterRow, FactRow, LedgerRow, OrderRecord } from './store.ts';
import { type RingSlice, tokenRanges, WHOLE_RING } from './tokenRanges.ts';

/** The ring is read in this many parts, so that no single query has to stay open for a whole table. */
const RANGES_OF_RING = 16;
const PAGE_ROWS = 1_000;

const scan = (table: string, key: string, columns: string): string =>
  `SELECT token(${key}) AS ring_token, ${columns} FROM ${table} WHERE token(${key}) > ? AND token(${key}) <= ?`;

const SCAN_FACTS = scan(
  'orders_payments_facts',
  'order_id',
  `order_id, customer_id, item, quantity, price, shipping_address, order_status, creation_date,
   payment_id, payment_method, card_last_four, payment_status, payment_datetime`,
);
const SCAN_LEDGER = scan(
  'payments_by_order',
  'order_id',
  `order_id, payment_id, event_id, published_at, payment_method, card_last_four, payment_status, payment_datetime,
   parked`,
);
/** Without the payload: a page of those could have gigabytes. */
const DEAD_LETTER_COLUMNS = `day, shard, event_id, reason, error, origin_topic, origin_message_id, published_at,
   recorded_at, order_id, payment_id, redacted, redrive_count, matched_at, redriven_at, discarded_at`;
const SCAN_DEAD_LETTERS = scan('dead_letters', 'day, shard', DEAD_LETTER_COLUMNS);
const OF_EVENT = 'FROM dead_letters WHERE day = ? AND shard = ? AND event_id = ?';

/**
 * The audit's view of Cassandra. Facts and ledger have the same partition key, so both tables come back in the same token
 * order and one pass merges them; memory is bounded by a page of each.
 * @param slice the part of the ring that is scanned; single rows are found wherever they are.
 */
export const createCassandraAuditSource = (
  client: CassandraClient,
  slice: RingSlice = WHOLE_RING,
): AuditSource => {
  const ranges = tokenRanges(slice, Math.ceil(RANGES_OF_RING / slice.of));
  const rowsOf = (query: string, params: readonly unknown[]): AsyncGenerator<types.Row> =>
    readRows(client, query, params, PAGE_ROWS);
  const select = async (query: string, params: readonly unknown[]): Promise<types.Row[]> =>
    Array.fromAsync(rowsOf(query, params));

  return {
    scanOrders: async function* () {
      for (const [after, upTo] of ranges) {
        const facts = rowsOf(SCAN_FACTS, [after, upTo]);
        const ledger = rowsOf(SCAN_LEDGER, [after, upTo]);
        yield* mergeByOrder(facts, ledger);
      }
    },
    scanDeadLetters: async function* () {
      for (const range of ranges) {
        for await (const row of rowsOf(SCAN_DEAD_LETTERS, range)) {
          yield toDeadLetterRow(row);
        }
      }
    },
    findOrderRecord: async (orderId) => {
      const [fact] = await select('SELECT * FROM orders_payments_facts WHERE order_id = ?', [orderId]);
      const ledger = await select('SELECT * FROM payments_by_order WHERE order_id = ?', [orderId]);
      return { orderId, fact: fact && toFactRow(fact), ledger: ledger.map(toLedgerRow) };
    },
    findDeadLetters: async (key): Promise<DeadLetterRow[]> =>
      (await select(`SELECT ${DEAD_LETTER_COLUMNS} ${OF_EVENT}`, paramsOf(key))).map(toDeadLetterRow),
    findPayload: async (key, reason) => {
      const [row] = await select(`SELECT payload ${OF_EVENT} AND reason = ?`, [...paramsOf(key), reason]);
      return toPayload(row ?? {});
    },
    close: () => client.close(),
  };
};

const paramsOf = ({ day, shard, eventId }: DeadLetterKey): readonly unknown[] => [
  types.LocalDate.fromString(day),
  shard,
  eventId,
];

/** Where a row stands on the ring: by token, and within one token by key, as Cassandra sorts them. */
interface Position {
  readonly token: bigint;
  readonly orderId: bigint;
}

const positionOf = (row: types.Row): Position => ({
  token: row.get('ring_token'),
  orderId: row.get('order_id'),
});

const compare = (a: Position, b: Position): number => {
  const difference = a.token === b.token ? a.orderId - b.orderId : a.token - b.token;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
};

const mergeByOrder = async function* (
  facts: AsyncGenerator<types.Row>,
  payments: AsyncGenerator<types.Row>,
): AsyncGenerator<OrderRecord> {
  let fact = await facts.next();
  let payment = await payments.next();
  while (fact.done !== true || payment.done !== true) {
    const position = earliest(fact.value, payment.value);
    let factRow: FactRow | undefined;
    const ledger: LedgerRow[] = [];
    if (fact.done !== true && compare(positionOf(fact.value), position) === 0) {
      factRow = toFactRow(fact.value);
      fact = await facts.next();
    }
    while (payment.done !== true && compare(positionOf(payment.value), position) === 0) {
      ledger.push(toLedgerRow(payment.value));
      payment = await payments.next();
    }
    yield { orderId: position.orderId, fact: factRow, ledger };
  }
};

const earliest = (...rows: (types.Row | undefined)[]): Position => {
  const [first, second] = rows.filter((row) => row !== undefined).map(positionOf);
  if (first === undefined) throw new Error('there is no earliest of no rows');
  return second === undefined || compare(first, second) <= 0 ? first : second;
};

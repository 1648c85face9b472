import { types } from 'cassandra-driver';
import type { DeadLetterKey } from '../domain/deadLetter.ts';
import { type CassandraClient } from './cassandraClient.ts';
import { toDeadLetterRow, toFactRow, toLedgerRow, toPayload } from './rows.ts';
import type { AuditSource, DeadLetterRow, LedgerRow, OrderRecord } from './store.ts';
import { type RingSlice, type TokenRange, tokenRanges, WHOLE_RING } from './tokenRanges.ts';
import { readPages, readRows } from './readPages.ts';

/** The whole ring is read in this many ranges, so that no query stays open for a whole table. */
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
/** All columns except the payload, because a page of payloads could have gigabytes. */
const DEAD_LETTER_COLUMNS = `day, shard, event_id, reason, error, origin_topic, origin_message_id, published_at,
   recorded_at, order_id, payment_id, redacted, redrive_count, matched_at, redriven_at, discarded_at`;
const SCAN_DEAD_LETTERS = scan('dead_letters', 'day, shard', DEAD_LETTER_COLUMNS);
const OF_EVENT = 'FROM dead_letters WHERE day = ? AND shard = ? AND event_id = ?';

/**
 * Reads Cassandra for the audit. Facts and ledger have the same partition key, so Cassandra returns both
 * tables in the same order of tokens. One pass merges them. Memory is bounded by a page of each table.
 * @param slice the part of the ring that is scanned; the whole ring when left out. The `find` methods see all
 * of it.
 */
export const createCassandraAuditSource = (
  client: CassandraClient,
  slice: RingSlice = WHOLE_RING,
): AuditSource => {
  const ranges = tokenRanges(slice, Math.ceil(RANGES_OF_RING / slice.of));
  const pagesOf = (query: string, range: TokenRange): AsyncGenerator<readonly types.Row[]> =>
    readPages<types.Row>(client, query, range, PAGE_ROWS);
  const select = (query: string, params: readonly unknown[]): Promise<readonly types.Row[]> =>
    readRows<types.Row>(client, query, params, PAGE_ROWS);

  return {
    scanOrders: async function* () {
      for (const range of ranges) {
        const facts = new RowCursor(pagesOf(SCAN_FACTS, range));
        const ledger = new RowCursor(pagesOf(SCAN_LEDGER, range));
        yield* mergeByOrder(facts, ledger);
      }
    },
    scanDeadLetters: async function* () {
      for (const range of ranges) {
        for await (const rows of pagesOf(SCAN_DEAD_LETTERS, range)) yield* rows.map(toDeadLetterRow);
      }
    },
    findOrderRecord: async (orderId) => {
      const [fact] = await select('SELECT * FROM orders_payments_facts WHERE order_id = ?', [orderId]);
      const ledger = await select('SELECT * FROM payments_by_order WHERE order_id = ?', [orderId]);
      return { orderId, fact: fact && toFactRow(fact), ledger: ledger.map(toLedgerRow) };
    },
    findDeadLetters: async (key): Promise<readonly DeadLetterRow[]> =>
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

/** Where a row stands on the ring. Cassandra sorts rows by token, and by key where tokens are equal. */
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

/** Walks over the rows of all pages. */
class RowCursor {
  readonly #pages: AsyncGenerator<readonly types.Row[]>;
  #rows: readonly types.Row[] = [];
  #index = 0;

  constructor(pages: AsyncGenerator<readonly types.Row[]>) {
    this.#pages = pages;
  }

  /** The current row; undefined after the last one. */
  async row(): Promise<types.Row | undefined> {
    while (this.#index === this.#rows.length) {
      const page = await this.#pages.next();
      if (page.done === true) return undefined;
      this.#rows = page.value;
      this.#index = 0;
    }
    return this.#rows[this.#index];
  }

  advance(): void {
    this.#index += 1;
  }
}

const mergeByOrder = async function* (facts: RowCursor, payments: RowCursor): AsyncGenerator<OrderRecord> {
  for (;;) {
    const fact = await facts.row();
    let payment = await payments.row();
    const position = earliest(fact, payment);
    if (position === undefined) return;
    const isFactHere = fact !== undefined && compare(positionOf(fact), position) === 0;
    if (isFactHere) facts.advance();
    const ledger: LedgerRow[] = [];
    while (payment !== undefined && compare(positionOf(payment), position) === 0) {
      ledger.push(toLedgerRow(payment));
      payments.advance();
      payment = await payments.row();
    }
    yield { orderId: position.orderId, fact: isFactHere ? toFactRow(fact) : undefined, ledger };
  }
};

const earliest = (...rows: (types.Row | undefined)[]): Position | undefined => {
  const [first, second] = rows.filter((row) => row !== undefined).map(positionOf);
  return first === undefined || second === undefined || compare(first, second) <= 0 ? first : second;
};

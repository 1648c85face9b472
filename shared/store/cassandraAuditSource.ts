import { types } from 'cassandra-driver';
import type { DeadLetterKey } from '../domain/deadLetter.ts';
import { type CassandraClient } from './driver/cassandraClient.ts';
import {
  DEAD_LETTER_COLUMNS,
  FACT_COLUMNS,
  latestOf,
  LEDGER_COLUMNS,
  PAYMENT_COLUMNS,
  toDeadLetterAction,
  toDeadLetterRow,
  toFactRow,
  toLedgerRow,
  toPayload,
} from './rows.ts';
import type { AuditSource, DeadLetterRow, LedgerRow, OrderRecord } from './auditSource.ts';
import { isOlderThanKept } from './retention/isOlderThanKept.ts';
import { readRetentionDays } from './retention/readRetentionDays.ts';
import type { OperationsStore } from './operationsStore.ts';
import { TOKEN_MAX, tokenRanges } from './tokenRanges.ts';
import { charactersOf, isBeyondRead } from './collectLedger.ts';
import { readPages, readRows } from './driver/readPages.ts';

/** The whole ring is read in this many ranges, so that no query stays open for a whole table. */
const RANGES_OF_RING = 16;
const PAGE_ROWS = 1_000;

/** Reads the rows behind a token, or behind the partition with a key, up to a token. */
const scan = (table: string, key: string, columns: string, after: 'token' | 'key') => {
  const start = after === 'token' ? '?' : `token(${key.replaceAll(/\w+/g, '?')})`;
  return `SELECT token(${key}) AS ring_token, ${columns} FROM ${table} WHERE token(${key}) > ${start} AND token(${key}) <= ?`;
};
const scans = (table: string, key: string, columns: string) => ({
  behindToken: scan(table, key, columns, 'token'),
  behindKey: scan(table, key, columns, 'key'),
});

const WRITE_TIMES = PAYMENT_COLUMNS.map((column) => `writetime(${column}) AS ${column}_written`);
const FACT = ['order_id', ...FACT_COLUMNS, ...WRITE_TIMES].join(', ');
const SCAN_FACTS = scans('orders_payments_facts', 'order_id', FACT);
const SELECT_FACT = `SELECT ${FACT} FROM orders_payments_facts WHERE order_id = ?`;
const SCAN_LEDGER = scans('ledger_by_order', 'order_id', LEDGER_COLUMNS.join(', '));
const DEAD_LETTER = DEAD_LETTER_COLUMNS.join(', ');
const SCAN_DEAD_LETTERS = scans('dead_letters', 'day, shard', DEAD_LETTER);
export const OF_PARTITION = 'FROM dead_letters WHERE day = ? AND shard = ?';
export const SELECT_PARTITION = `SELECT ${DEAD_LETTER} ${OF_PARTITION}`;
export const REST_OF_PARTITION = `${SELECT_PARTITION} AND (event_id, reason) > (?, ?)`;
const OF_EVENT = `${OF_PARTITION} AND event_id = ?`;
const SELECT_ACTIONS = 'SELECT * FROM dead_letter_actions WHERE day = ? AND shard = ? AND event_id = ?';

type Pages = AsyncGenerator<readonly types.Row[]>;
type PagesOf = (query: string, params: readonly unknown[]) => Pages;

/**
 * Reads Cassandra for the audit. Facts and ledger have the same partition key, so Cassandra returns both
 * tables in the same order of tokens. One pass merges them. Memory is bounded by a page of each table and the
 * rows of one order.
 *
 * A scan that goes on behind a row asks Cassandra for the tokens above that of the row. Another partition
 * with the very same token is left out then, until a pass stops elsewhere.
 */
export const createCassandraAuditSource = (
  client: CassandraClient,
): AuditSource & Pick<OperationsStore, 'scanDeadLetterPages'> => {
  const pagesOf: PagesOf = (query, params) =>
    readPages<types.Row>(client, { query, params, pageRows: PAGE_ROWS });
  const select = (query: string, params: readonly unknown[]): Promise<readonly types.Row[]> =>
    readRows<types.Row>(client, { query, params, pageRows: PAGE_ROWS });

  const findLedger = async (orderId: bigint): Promise<readonly LedgerRow[]> => {
    const ledger = createLedgerRows();
    for await (const rows of pagesOf('SELECT * FROM ledger_by_order WHERE order_id = ?', [orderId])) {
      if (rows.some((row) => ledger.add(toLedgerRow(row)))) break;
    }
    return ledger.rows;
  };

  return {
    scanDeadLetterPages: async function* () {
      for (const { of, params } of stretchesBehind(undefined)) {
        for await (const rows of pagesOf(SCAN_DEAD_LETTERS[of], params)) yield rows.map(toDeadLetterRow);
      }
    },
    findLedger,
    scanOrders: async function* (after, onPart = () => {}) {
      const stretches = stretchesBehind(after === undefined ? undefined : [after]);
      for (const [index, { of, params, upTo }] of stretches.entries()) {
        onPart(index, stretches.length);
        const facts = new RowCursor(pagesOf(SCAN_FACTS[of], params));
        const ledger = new RowCursor(pagesOf(SCAN_LEDGER[of], params));
        const ledgerBehind = (orderId: bigint): Pages => pagesOf(SCAN_LEDGER.behindKey, [orderId, upTo]);
        yield* mergeByOrder(facts, ledger, ledgerBehind);
      }
    },
    scanDeadLetters: async function* (after, onPart = () => {}) {
      if (after !== undefined)
        yield* rowsOf(pagesOf(REST_OF_PARTITION, [...keyParamsOf(after), after.reason]));
      const key = after && keyParamsOf(after).slice(0, 2);
      const stretches = stretchesBehind(key);
      for (const [index, { of, params }] of stretches.entries()) {
        onPart(index, stretches.length);
        yield* rowsOf(pagesOf(SCAN_DEAD_LETTERS[of], params));
      }
    },
    findOrderRecord: async (orderId) => {
      // The fact is read first. So the ledger may know of an event that the row does not show yet, which is
      // usual, and never the other way round.
      const [fact] = await select(SELECT_FACT, [orderId]);
      return { orderId, ...factOf(fact), ledger: await findLedger(orderId) };
    },
    findDeadLetters: async (key): Promise<readonly DeadLetterRow[]> =>
      (await select(`SELECT ${DEAD_LETTER} ${OF_EVENT}`, keyParamsOf(key))).map(toDeadLetterRow),
    findPayload: async (key, reason) => {
      const [row] = await select(`SELECT payload ${OF_EVENT} AND reason = ?`, [...keyParamsOf(key), reason]);
      return toPayload(row ?? {});
    },
    findActions: async (key) => {
      const rows = (await select(SELECT_ACTIONS, keyParamsOf(key))).map(toDeadLetterAction);
      return rows.toSorted((a, b) => a.actedAtMs - b.actedAtMs);
    },
    mayHaveExpired: async (sinceMs) =>
      isOlderThanKept(sinceMs, Date.now()) && (await readRetentionDays(client)) !== undefined,
    close: () => client.close(),
  };
};

/** Collects the rows of a ledger up to the limits of a read, and one more: it says that there are more. */
const createLedgerRows = () => {
  const rows: LedgerRow[] = [];
  let characters = 0;
  return {
    rows,
    /** @returns whether no more rows are wanted. */
    add: (row: LedgerRow): boolean => {
      rows.push(row);
      characters += row.entry === undefined ? 0 : charactersOf(row.entry);
      return isBeyondRead(rows.length, characters);
    },
  };
};

/** A piece of the ring, and the values with which it is asked for. */
interface Stretch {
  readonly of: 'behindToken' | 'behindKey';
  readonly params: readonly unknown[];
  readonly upTo: bigint;
}

/** @param key a partition key; the whole ring when undefined. */
const stretchesBehind = (key: readonly unknown[] | undefined): readonly Stretch[] =>
  key === undefined
    ? tokenRanges(RANGES_OF_RING).map((range) => ({ of: 'behindToken', params: range, upTo: range[1] }))
    : [{ of: 'behindKey', params: [...key, TOKEN_MAX], upTo: TOKEN_MAX }];

const rowsOf = async function* (pages: Pages): AsyncGenerator<DeadLetterRow> {
  for await (const rows of pages) yield* rows.map(toDeadLetterRow);
};

/** The values of a dead letter's key, as the driver takes them. */
export const keyParamsOf = ({ day, shard, id }: DeadLetterKey): readonly unknown[] => [
  types.LocalDate.fromString(day),
  shard,
  id,
];

const factOf = (row: types.Row | undefined): Pick<OrderRecord, 'fact' | 'paymentWriteTime'> =>
  row === undefined
    ? { fact: undefined, paymentWriteTime: undefined }
    : {
        fact: toFactRow(row),
        paymentWriteTime: latestOf(
          PAYMENT_COLUMNS.map((column): bigint | null => row.get(`${column}_written`)),
        ),
      };

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
  #pages: Pages;
  #rows: readonly types.Row[] = [];
  #index = 0;

  constructor(pages: Pages) {
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

  /** Leaves the rest out, and goes on with other pages. */
  goOnWith(pages: Pages): void {
    this.#pages = pages;
    this.#rows = [];
    this.#index = 0;
  }
}

/**
 * Takes the orders of both tables, and of each ledger the first rows: the rest of a larger one is not read.
 */
const mergeByOrder = async function* (
  facts: RowCursor,
  ledger: RowCursor,
  ledgerBehind: (orderId: bigint) => Pages,
): AsyncGenerator<OrderRecord> {
  for (;;) {
    const fact = await facts.row();
    let entry = await ledger.row();
    const position = earliest(fact, entry);
    if (position === undefined) return;
    const isFactHere = fact !== undefined && compare(positionOf(fact), position) === 0;
    if (isFactHere) facts.advance();
    const { rows, add } = createLedgerRows();
    while (entry !== undefined && compare(positionOf(entry), position) === 0) {
      if (add(toLedgerRow(entry))) {
        ledger.goOnWith(ledgerBehind(position.orderId));
        break;
      }
      ledger.advance();
      entry = await ledger.row();
    }
    yield { orderId: position.orderId, ...factOf(isFactHere ? fact : undefined), ledger: rows };
  }
};

const earliest = (...rows: (types.Row | undefined)[]): Position | undefined => {
  const [first, second] = rows.filter((row) => row !== undefined).map(positionOf);
  return first === undefined || second === undefined || compare(first, second) <= 0 ? first : second;
};

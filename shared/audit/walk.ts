import type { AuditSource, OrderRecord, ScanPlace } from '../store/auditSource.ts';
import { chunks } from './chunks.ts';
import {
  createLedgerIdsCache,
  type DeadLetterLook,
  lookAtDeadLetter,
  lookAtOrders,
  type OrderLook,
  type Suspicion,
} from './look.ts';

/** How many orders are looked at in one step, unless they have many entries. */
const ORDERS_AT_ONCE = 32;
/**
 * A step ends with the order that makes it this many entries, so that a few large orders do not take the
 * memory.
 */
const ENTRIES_AT_ONCE = 2_000;
/** How many dead letters are looked at at once. Each may need its order, with all its entries. */
const DEAD_LETTERS_AT_ONCE = 8;

export const START: ScanPlace = { table: 'orders', after: undefined };

/** A few rows that were looked at together. */
interface Step {
  readonly orders: readonly OrderLook[];
  readonly deadLetters: readonly DeadLetterLook[];
  readonly suspicions: readonly Suspicion[];
  /** Where the walk stands now. A later walk may go on from here. */
  readonly place: ScanPlace;
}

/**
 * Looks at all tables, step by step: first at all orders, then at all dead letters. A step is small whatever
 * the tables hold, so whoever walks may stop after any of them.
 * @param from goes on from here; from the beginning when left out.
 */
export const walk = async function* (source: AuditSource, from: ScanPlace = START): AsyncGenerator<Step> {
  if (from.table === 'orders') {
    const limits = { size: ORDERS_AT_ONCE, weight: ENTRIES_AT_ONCE, weigh: entriesOf };
    for await (const records of chunks(source.scanOrders(from.after), limits)) {
      const orders = await lookAtOrders(source, records);
      const place: ScanPlace = { table: 'orders', after: records.at(-1)?.orderId };
      yield { orders, deadLetters: [], suspicions: orders.filter(isSuspicious), place };
    }
  }
  const findIds = createLedgerIdsCache(source);
  const scan = source.scanDeadLetters(from.table === 'dead_letters' ? from.after : undefined);
  for await (const rows of chunks(scan, { size: DEAD_LETTERS_AT_ONCE })) {
    const deadLetters = await Promise.all(rows.map(async (row) => lookAtDeadLetter(source, row, findIds)));
    const last = rows.at(-1);
    const after = last && { day: last.day, shard: last.shard, id: last.id, reason: last.reason };
    const suspicions = deadLetters.filter(isSuspicious);
    yield { orders: [], deadLetters, suspicions, place: { table: 'dead_letters', after } };
  }
};

const entriesOf = ({ ledger }: OrderRecord): number => ledger.length;

const isSuspicious = ({ violations }: Suspicion): boolean => violations.length > 0;

import { DEAD_LETTER_REASONS, type DeadLetter, deadLetterKeyOf } from '../domain/deadLetter.ts';
import { formatPlace } from '../domain/deadLetterPlace.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import {
  deadLetterWriteTime,
  erasureWriteTime,
  ledgerWriteTime,
  orderWriteTime,
} from '../domain/writeTimes.ts';
import { collectLedger } from './collectLedger.ts';
import { deadLetterCells, entryCells, entryKey, orderCells, paymentCells, personalCells } from './columns.ts';
import { createMemoryOperations } from './memoryOperations.ts';
import { type CellValue, MemoryTable } from './memoryTable.ts';
import type { OperationsStore } from './operationsStore.ts';
import {
  latestOf,
  PAYMENT_COLUMNS,
  toDeadLetterRow,
  toFactRow,
  toLedgerEntries,
  toLedgerRow,
  toPayload,
} from './rows.ts';
import { LEDGER_ENTRIES_MAX, type OrderShow, type Store } from './store.ts';
import type { LedgerRow, OrderRecord } from './auditSource.ts';

/** The three tables, for tests that look at single cells. A key is the primary key, joined with slashes. */
interface MemoryTables {
  readonly facts: MemoryTable;
  readonly ledger: MemoryTable;
  readonly deadLetters: MemoryTable;
}

/**
 * A store in this process's memory, with Cassandra's merge rules, for tests and for a laptop without
 * Cassandra. It grows with everything that is written, and all of it is gone when the process ends. As in
 * Cassandra, `scanOrders` may or may not return an order that arrives during the scan.
 */
export const createMemoryStore = (): Store & OperationsStore & { readonly tables: MemoryTables } => {
  const tables = { facts: new MemoryTable(), ledger: new MemoryTable(), deadLetters: new MemoryTable() };
  const { facts, ledger, deadLetters } = tables;

  const findOrderRecord = async (orderId: bigint): Promise<OrderRecord> => {
    const row = facts.read(String(orderId));
    return {
      orderId,
      fact: row && toFactRow({ ...row, order_id: orderId }),
      paymentWriteTime: row && latestPaymentWrite(row, facts.writeTimes(String(orderId))),
      ledger: ledgerOf(ledger, orderId).slice(0, LEDGER_ENTRIES_MAX + 1),
    };
  };
  const deadLetterAt = (key: string) => {
    const [day, shard, event_id, reason] = key.split('/');
    return toDeadLetterRow({
      ...withDates(deadLetters.read(key)),
      day,
      shard: Number(shard),
      event_id,
      reason,
    });
  };

  return {
    tables,
    recordEntry: async (entry) => {
      ledger.write(ledgerKey(entry), withTimes(entryCells(entry)), ledgerWriteTime(entry));
      if (entry.kind !== 'order') return;
      facts.write(String(entry.orderId), orderCells(entry.order), orderWriteTime(entry));
    },
    findEntries: async (orderId, isComplete) => {
      const collected = collectLedger(isComplete);
      toLedgerEntries(ledgerOf(ledger, orderId)).some(collected.add);
      return collected.read();
    },
    showOrder: async (show) => showOrder(tables, show),
    recordDeadLetter: async (deadLetter) => recordDeadLetter(deadLetters, deadLetter),
    scanOrders: async function* (after) {
      const orderIds = new Set([
        ...facts.keys(),
        ...ledger.keys().map((key) => key.slice(0, key.indexOf('/'))),
      ]);
      const left = [...orderIds].filter((orderId) => after === undefined || orderId > String(after));
      for (const orderId of left.toSorted()) yield await findOrderRecord(BigInt(orderId));
    },
    scanDeadLetters: async function* (after) {
      const keys = deadLetters.keys();
      const left = after === undefined ? keys : keys.filter((key) => key > formatPlace(after));
      for (const key of left) yield deadLetterAt(key);
    },
    findOrderRecord,
    scanDeadLetterPages: async function* () {
      yield deadLetters.keys().map(deadLetterAt);
    },
    findLedger: async (orderId) => (await findOrderRecord(orderId)).ledger,
    findDeadLetters: async (key) =>
      DEAD_LETTER_REASONS.map((reason) => formatPlace({ ...key, reason }))
        .toSorted()
        .filter((row) => deadLetters.read(row) !== undefined)
        .map(deadLetterAt),
    findPayload: async (key, reason) => toPayload(deadLetters.read(formatPlace({ ...key, reason })) ?? {}),
    ...createMemoryOperations(deadLetters, deadLetterAt),
    close: async () => {},
  };
};

/** A column that is null has no write time, as in Cassandra. */
const latestPaymentWrite = (
  row: Readonly<Record<string, unknown>> | undefined,
  writeTimes: Readonly<Record<string, bigint>>,
): bigint | undefined =>
  latestOf(PAYMENT_COLUMNS.map((column) => (row?.[column] == null ? undefined : writeTimes[column])));

const ledgerKey = (entry: LedgerEntry): string => {
  const { is_order, at, event_id } = entryKey(entry);
  return [entry.orderId, is_order, at.getTime(), event_id].join('/');
};

/** The rows of an order as Cassandra sorts them: orders come last, and of each kind the newest is first. */
const ledgerOf = (ledger: MemoryTable, orderId: bigint): LedgerRow[] =>
  ledger
    .keys(String(orderId))
    .map((key) => {
      const [, , at, event_id] = key.split('/');
      return toLedgerRow({
        ...withDates(ledger.read(key)),
        order_id: orderId,
        at: new Date(Number(at)),
        event_id,
      });
    })
    .toSorted((a, b) => Number(a.kind === 'order') - Number(b.kind === 'order') || b.atMs - a.atMs);

const showOrder = ({ facts, ledger }: MemoryTables, show: OrderShow): void => {
  const { orderId, order, payment, blanks } = show;
  const key = String(orderId);
  if (order !== undefined) facts.write(key, orderCells(order.order), order.writeTime);
  if (payment !== undefined) facts.write(key, paymentCells(payment.payment), payment.writeTime);
  if (blanks === undefined) return;
  for (const entry of blanks.entries) {
    const cells = { ...personalCells(entry), erased_at: BigInt(blanks.erasedAtMs) };
    ledger.write(ledgerKey(entry), cells, erasureWriteTime(blanks.erasedAtMs));
  }
};

const recordDeadLetter = (deadLetters: MemoryTable, deadLetter: DeadLetter): void =>
  deadLetters.write(
    formatPlace({ ...deadLetterKeyOf(deadLetter), reason: deadLetter.reason }),
    withTimes(deadLetterCells(deadLetter)),
    deadLetterWriteTime({ eventId: deadLetter.toldBy, publishedAtMs: deadLetter.publishedAtMs }),
  );

/** Turns dates into times. The table keeps them as 64-bit milliseconds, like Cassandra. */
const withTimes = (
  row: Readonly<Record<string, CellValue | Date | null | undefined>>,
): Readonly<Record<string, CellValue | null | undefined>> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Date ? BigInt(value.getTime()) : value,
    ]),
  );

/** Turns times into dates, as the driver does. */
const withDates = (row: object | undefined): object =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([column, value]) => [
      column,
      column.endsWith('_at') && typeof value === 'bigint' ? new Date(Number(value)) : value,
    ]),
  );

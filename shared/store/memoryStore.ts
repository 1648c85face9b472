import { type DeadLetterKey, deadLetterKeyOf } from '../domain/deadLetter.ts';
import type { EventStamp } from '../domain/event.ts';
import type { Payment } from '../domain/payment.ts';
import { writeTimeOf } from '../domain/writeTimeOf.ts';
import { orderCells, paymentCells } from './columns.ts';
import { MemoryTable } from './memoryTable.ts';
import { toDeadLetterRow, toFactRow, toLedgerEntries, toLedgerRow, toPayload } from './rows.ts';
import type { AuditSource, LedgerRow, OrderRecord, Store } from './store.ts';

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
export const createMemoryStore = (): Store & AuditSource & { readonly tables: MemoryTables } => {
  const tables = { facts: new MemoryTable(), ledger: new MemoryTable(), deadLetters: new MemoryTable() };
  const { facts, ledger, deadLetters } = tables;

  const writeLedger = (payment: Payment, stamp: EventStamp, parked: boolean | undefined): void => {
    const { payment_id: _, ...cells } = paymentCells(payment);
    ledger.write(
      `${payment.orderId}/${payment.paymentId}/${stamp.eventId}`,
      { ...cells, published_at: BigInt(stamp.publishedAtMs), parked },
      writeTimeOf(stamp),
    );
  };

  const ledgerOf = (orderId: bigint): LedgerRow[] =>
    ledger.keys(`${orderId}/`).map((key) => {
      const [order_id = '', payment_id = '', event_id] = key.split('/');
      return toLedgerRow({
        ...withDates(ledger.read(key)),
        order_id: BigInt(order_id),
        payment_id: BigInt(payment_id),
        event_id,
      });
    });

  const findOrderRecord = async (orderId: bigint): Promise<OrderRecord> => {
    const row = facts.read(String(orderId));
    return {
      orderId,
      fact: row && toFactRow({ ...row, order_id: orderId }),
      ledger: ledgerOf(orderId),
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
    recordOrder: async (order, stamp) => {
      facts.write(String(order.orderId), orderCells(order), writeTimeOf(stamp));
    },
    findPayments: async (orderId) => toLedgerEntries(ledgerOf(orderId)),
    findFact: async (orderId) => {
      const { fact } = await findOrderRecord(orderId);
      return { orderExists: fact?.order.customerId !== undefined, paymentId: fact?.payment.paymentId };
    },
    recordPayment: async (payment, stamp) => {
      facts.write(String(payment.orderId), paymentCells(payment), writeTimeOf(stamp));
      writeLedger(payment, stamp, undefined);
    },
    attachPayments: async (entries) => {
      for (const { payment, ...stamp } of entries) {
        facts.write(String(payment.orderId), paymentCells(payment), writeTimeOf(stamp));
      }
    },
    parkPayment: async (payment, stamp) => writeLedger(payment, stamp, true),
    recordDeadLetter: async (deadLetter) => {
      deadLetters.write(
        rowKey(deadLetterKeyOf(deadLetter), deadLetter.reason),
        {
          error: deadLetter.error,
          origin_topic: deadLetter.originTopic,
          origin_message_id: deadLetter.originMessageId,
          published_at: BigInt(deadLetter.publishedAtMs),
          recorded_at: BigInt(deadLetter.recordedAtMs),
          order_id: deadLetter.orderId,
          payment_id: deadLetter.paymentId,
          payload: deadLetter.payload,
          redacted: deadLetter.isRedacted,
          redrive_count: deadLetter.redriveCount,
        },
        writeTimeOf(deadLetter),
      );
    },
    markMatched: async (stamp, matchedAtMs) => {
      deadLetters.write(
        rowKey(deadLetterKeyOf(stamp), 'unmatched'),
        { matched_at: BigInt(matchedAtMs) },
        writeTimeOf(stamp),
      );
    },
    scanOrders: async function* () {
      const orderIds = new Set([
        ...facts.keys(),
        ...ledger.keys().map((key) => key.slice(0, key.indexOf('/'))),
      ]);
      for (const orderId of orderIds) yield await findOrderRecord(BigInt(orderId));
    },
    scanDeadLetters: async function* () {
      for (const key of deadLetters.keys()) yield deadLetterAt(key);
    },
    findOrderRecord,
    findDeadLetters: async (key) => deadLetters.keys(rowKey(key, '')).map(deadLetterAt),
    findPayload: async (key, reason) => toPayload(deadLetters.read(rowKey(key, reason)) ?? {}),
    close: async () => {},
  };
};

const rowKey = ({ day, shard, eventId }: DeadLetterKey, reason: string): string =>
  `${day}/${shard}/${eventId}/${reason}`;

/**
 * Turns times into dates, as the driver does. The table keeps them as 64-bit milliseconds, like Cassandra.
 */
const withDates = (row: object | undefined): object =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([column, value]) => [
      column,
      column.endsWith('_at') && typeof value === 'bigint' ? new Date(Number(value)) : value,
    ]),
  );

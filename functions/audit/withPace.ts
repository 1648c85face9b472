import type { AuditSource } from '../../shared/store/auditSource.ts';
import type { Pace } from './createPace.ts';

/**
 * Wraps a source so that it pays for every row and for every single read, and waits when that was too fast.
 */
export const withPace = (source: AuditSource, pace: Pace): AuditSource => ({
  scanOrders: (after) => paced(source.scanOrders(after), pace, ({ ledger }) => 1 + ledger.length),
  scanDeadLetters: (after) => paced(source.scanDeadLetters(after), pace, () => 1),
  findOrderRecord: async (orderId) => {
    const record = await source.findOrderRecord(orderId);
    await pace(1 + record.ledger.length);
    return record;
  },
  findLedger: async (orderId) => {
    const ledger = await source.findLedger(orderId);
    await pace(1 + ledger.length);
    return ledger;
  },
  findDeadLetters: async (key) => {
    await pace(1);
    return source.findDeadLetters(key);
  },
  findPayload: async (key, reason) => {
    await pace(1);
    return source.findPayload(key, reason);
  },
  findActions: async (key) => {
    await pace(1);
    return source.findActions(key);
  },
  mayHaveExpired: (sinceMs) => source.mayHaveExpired(sinceMs),
  close: () => source.close(),
});

const paced = async function* <T>(
  rows: AsyncIterable<T>,
  pace: Pace,
  costOf: (row: T) => number,
): AsyncGenerator<T> {
  for await (const row of rows) {
    await pace(costOf(row));
    yield row;
  }
};

import { describe, expect, it } from 'vitest';
import { START, walk } from '../../../shared/audit/walk.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource, ScanPlace } from '../../../shared/store/auditSource.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterRow, ledgerRow, orderRecord, rowsSource } from '../../support/messages/records.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const filled = async () => {
  const store = createMemoryStore();
  await acceptAll(
    store,
    ...numbers(100).map((id) => orderEntry(id, { orderId: BigInt(id) })),
    ...numbers(50).map((id) => paymentEntry(1_000 + id, { orderId: BigInt(200 + id) })),
  );
  return store;
};

describe('a walk', () => {
  it('sees every order and every dead letter once, when it goes on anew after every step', async () => {
    const store = await filled();
    const orders: bigint[] = [];
    const deadLetters: string[] = [];
    let steps = 0;

    for (let place: ScanPlace | undefined = START; place !== undefined; steps += 1) {
      const { value: step } = await walk(store, place).next();
      place = step?.place;
      for (const { record } of step?.orders ?? []) orders.push(record.orderId);
      for (const { row } of step?.deadLetters ?? []) deadLetters.push(row.id);
    }

    expect(orders).toHaveLength(150);
    expect(new Set(orders).size).toBe(150);
    expect(deadLetters).toHaveLength(50);
    expect(new Set(deadLetters).size).toBe(50);
    expect(steps).toBeGreaterThan(10);
  });

  it('says what it suspects, and what that is about', async () => {
    const store = createMemoryStore();
    await recordOnly(store, orderEntry(1), paymentEntry(2), paymentEntry(3, { orderId: 2n }));

    const steps = await Array.fromAsync(walk(store));

    expect(steps.flatMap(({ suspicions }) => suspicions)).toMatchObject([
      { subject: { table: 'orders', orderId: 1n }, violations: [{ promise: 'I3' }] },
      {
        subject: { table: 'orders', orderId: 2n },
        violations: [{ promise: 'I1', detail: 'nobody was told: payment 1001 waits for order 2' }],
      },
    ]);
  });

  it('has a small step for large orders, so that they do not take the memory together', async () => {
    const large = numbers(8).map((id) =>
      orderRecord({
        orderId: BigInt(id),
        ledger: numbers(1_500).map((number) => ledgerRow(orderEntry(number, { orderId: BigInt(id) }))),
      }),
    );

    const steps = await Array.fromAsync(walk(rowsSource(large)));

    expect(steps.map(({ orders }) => orders.length)).toEqual([2, 2, 2, 2]);
  });
});

describe('the reads of a walk are bounded', () => {
  /** Counts the reads of a source, and how many run at once. */
  const counted = (source: AuditSource) => {
    const counts = { deadLetters: 0, orders: 0, ledgers: 0, now: 0, most: 0 };
    const during = async <T>(read: () => Promise<T>): Promise<T> => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      const result = await read();
      counts.now -= 1;
      return result;
    };
    const wrapped: AuditSource = {
      ...source,
      findDeadLetters: async (key) => {
        counts.deadLetters += 1;
        return during(() => source.findDeadLetters(key));
      },
      findOrderRecord: async (orderId) => {
        counts.orders += 1;
        return during(() => source.findOrderRecord(orderId));
      },
      findLedger: async (orderId) => {
        counts.ledgers += 1;
        return during(() => source.findLedger(orderId));
      },
    };
    return { counts, wrapped };
  };
  const manyPayments = orderRecord({
    ledger: numbers(2_000).map((number) => ledgerRow(paymentEntry(number))),
  });

  it('for one order, however many of its payments wait', async () => {
    const { counts, wrapped } = counted(rowsSource([manyPayments]));

    await Array.fromAsync(walk(wrapped));

    expect(counts).toMatchObject({ deadLetters: 1_000, most: 32 });
  });

  it('for the dead letters of one order: it is read once, however many there are', async () => {
    const rows = numbers(2_000).map((number) => deadLetterRow(number));
    const { counts, wrapped } = counted(rowsSource([manyPayments], rows));

    const steps = await Array.fromAsync(walk(wrapped, { table: 'dead_letters', after: undefined }));

    expect(steps.flatMap(({ suspicions }) => suspicions)).toEqual([]);
    expect(counts).toMatchObject({ ledgers: 1, orders: 0 });
  });

  it('for the dead letters of many orders: few are read at once', async () => {
    const rows = numbers(100).map((number) => deadLetterRow(number, { orderId: BigInt(number) }));
    const { counts, wrapped } = counted(rowsSource([], rows));

    await Array.fromAsync(walk(wrapped));

    expect(counts).toMatchObject({ ledgers: 100, most: 8 });
  });
});

import { describe, expect, it } from 'vitest';
import { audit } from '../../shared/audit/audit.ts';
import { PAYMENT_COLUMNS } from '../../shared/store/rows.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { AuditSource, OrderRecord } from '../../shared/store/auditSource.ts';
import type { Store } from '../../shared/store/store.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { numbers, openCassandra, type Write, writeAll } from '../support/cassandra/manyRows.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { PUBLISHED_AT_MS } from '../support/messages/domain.ts';

const byEvent = (a: { readonly eventId: string }, b: { readonly eventId: string }): number =>
  a.eventId < b.eventId ? -1 : 1;
const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** What an order's rows say, in the order of the events. */
const sorted = (record: OrderRecord): OrderRecord => ({ ...record, ledger: record.ledger.toSorted(byEvent) });

describe.skipIf(!hasCassandra)('the same writes in Cassandra and in memory', () => {
  const ID_MAX = 2n ** 63n - 1n;
  const ORDER_IDS = [
    0n,
    1n,
    255n,
    256n,
    2n ** 53n + 1n,
    ID_MAX - 1n,
    ID_MAX,
    ...numbers(200).map((n) => BigInt(n) + 1_000n),
  ];

  /** Every kind of row, and every kind of violation that a store can write. */
  const write = async (store: Store): Promise<void> => {
    await writeAll(
      ORDER_IDS.map((orderId, index): Write => {
        const first = { orderId, paymentId: ID_MAX - BigInt(index) };
        const placed = orderEntry(index, { orderId });
        const paid = paymentEntry(1_000 + index, first);
        const paidAgain = paymentEntry(2_000 + index, { orderId, paymentId: 7n, cardLastFour: undefined });
        const refunded = paymentEntry(3_000 + index, { ...first, paymentStatus: 'Refunded' });
        const erased = decisionEntry(4_000 + index, { orderId });
        switch (index % 8) {
          case 0:
            return () => acceptAll(store, placed);
          case 1:
            return () => acceptAll(store, placed, paid, paidAgain);
          case 2:
            return () => acceptAll(store, paid);
          case 3:
            return () => acceptAll(store, paid, placed, erased);
          case 4:
            return () => recordOnly(store, paid);
          case 5:
            return () => store.recordDeadLetter(deadLetterOf(1_000 + index, first));
          case 6:
            return () => recordOnly(store, placed, paid);
          default:
            return () => acceptAll(store, placed, paid, refunded);
        }
      }),
    );
    const none = { reason: 'invalid', orderId: undefined, paymentId: undefined } as const;
    await store.recordDeadLetter(
      deadLetterOf(9_000, { ...none, payload: Buffer.alloc(0), isRedacted: true }),
    );
  };

  it('give the same rows, the same single rows when read again, and the same report', async () => {
    const cassandra = await openCassandra();
    const memory = createMemoryStore();
    await write(cassandra.store);
    await write(memory);

    const inCassandra = await view(cassandra.source);
    const inMemory = await view(memory);

    expect(inCassandra.report.violationCount).toBeGreaterThan(70);
    expect(new Set(inCassandra.report.violations.map(({ promise }) => promise))).toEqual(
      new Set(['I1', 'I3']),
    );
    expect(inCassandra).toEqual(inMemory);
    await cassandra.store.close();
  });

  it('let a scan go on behind any row, of either table', async () => {
    const cassandra = await openCassandra();
    await write(cassandra.store);

    for (const source of [cassandra.source, await filledMemory()]) {
      const records = await Array.fromAsync(source.scanOrders());
      const deadLetters = await Array.fromAsync(source.scanDeadLetters());
      for (const place of [0, 1, 57, records.length - 1]) {
        const rest = await Array.fromAsync(source.scanOrders(records[place]?.orderId));
        expect(rest).toEqual(records.slice(place + 1));
      }
      for (const [place, after] of deadLetters.entries()) {
        if (place % 20 !== 0 && place !== deadLetters.length - 1) continue;
        const rest = await Array.fromAsync(source.scanDeadLetters(after));
        expect(rest).toEqual(deadLetters.slice(place + 1));
      }
    }
    await cassandra.store.close();
  });

  const filledMemory = async () => {
    const memory = createMemoryStore();
    await write(memory);
    return memory;
  };

  const view = async (source: AuditSource) => {
    const records = await Array.fromAsync(source.scanOrders());
    const deadLetters = await Array.fromAsync(source.scanDeadLetters());
    const again = await Promise.all(records.map(({ orderId }) => source.findOrderRecord(orderId)));
    const deadLettersAgain = await Promise.all(deadLetters.map((row) => source.findDeadLetters(row)));
    const report = await audit(source, { patienceMs: 0, clock: () => PUBLISHED_AT_MS + 60_000 });
    expect(again.map(sorted)).toEqual(records.map(sorted));
    return {
      records: records.map(sorted).toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1)),
      deadLetters: deadLetters.toSorted(byId),
      deadLettersAgain: deadLettersAgain.flat().toSorted(byId),
      report: {
        ...report,
        violations: report.violations.toSorted((a, b) => (a.detail < b.detail ? -1 : 1)),
        findingOrderIds: report.findingOrderIds.conflict.toSorted((a, b) => (a < b ? -1 : 1)),
        ids: Object.entries(report.ids).map(([bucket, ids]) => [
          bucket,
          ids.toSorted((a, b) => (a < b ? -1 : 1)),
        ]),
      },
    };
  };
});

describe.skipIf(!hasCassandra)('payment cells that somebody wrote by hand', () => {
  it('are named, whichever of them it is', async () => {
    const { store, source, client } = await openCassandra();
    const connection = await client.connect();
    for (const [orderId, column] of PAYMENT_COLUMNS.entries()) {
      const ids = { orderId: BigInt(orderId) };
      await acceptAll(store, orderEntry(1, ids), paymentEntry(2, ids));
      const value = column === 'payment_id' ? 1001n : '0001';
      const query = `UPDATE orders_payments_facts SET ${column} = ? WHERE order_id = ?`;
      await connection.execute(query, [value, ids.orderId]);
    }

    const { violations } = await audit(source, { patienceMs: 0 });

    for (const orderId of PAYMENT_COLUMNS.keys()) {
      expect(violations.map(({ detail }) => detail)).toContainEqual(
        expect.stringMatching(`^somebody else wrote the payment columns of order ${orderId} at 2`),
      );
    }
    await store.close();
  });
});

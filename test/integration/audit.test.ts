import { describe, expect, it } from 'vitest';
import { order, payment, PUBLISHED_AT_MS, stamp } from '../../proof/referenceMessages.ts';
import { audit } from '../../shared/audit/audit.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { AuditSource, OrderRecord, Store } from '../../shared/store/store.ts';
import { numbers, openCassandra, type Write, writeAll } from '../support/cassandra/manyRows.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { deadLetterOf } from '../support/messages/records.ts';

const byEvent = (a: { readonly eventId: string }, b: { readonly eventId: string }): number =>
  a.eventId < b.eventId ? -1 : 1;

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
      ORDER_IDS.flatMap((orderId, index): Write[] => {
        const first = payment({ orderId, paymentId: ID_MAX - BigInt(index) });
        const second = payment({ orderId, paymentId: 7n, paymentMethod: 'Apple Pay' });
        const record = () => store.recordOrder(order({ orderId }), stamp(index));
        const pay = () => store.recordPayment(first, stamp(1_000 + index));
        const park = () => store.parkPayment(first, stamp(1_000 + index));
        const note = () => store.recordDeadLetter(deadLetterOf(1_000 + index, first));
        switch (index % 8) {
          case 0:
            return [record];
          case 1:
            return [record, pay, () => store.recordPayment(second, stamp(2_000 + index))];
          case 2:
            return [park, note];
          case 3:
            return [record, park, note, () => store.markMatched(stamp(1_000 + index), PUBLISHED_AT_MS)];
          case 4:
            return [park];
          case 5:
            return [note];
          case 6:
            return [pay];
          default:
            return [
              record,
              pay,
              () => store.recordPayment({ ...first, paymentStatus: 'Refunded' }, stamp(3_000 + index)),
            ];
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

    expect(inCassandra.report.violationCount).toBeGreaterThan(100);
    expect(new Set(inCassandra.report.violations.map(({ invariant }) => invariant))).toEqual(
      new Set(['I1', 'I3']),
    );
    expect(inCassandra).toEqual(inMemory);
    await cassandra.store.close();
  });

  const view = async (source: AuditSource) => {
    const records = await Array.fromAsync(source.scanOrders());
    const deadLetters = await Array.fromAsync(source.scanDeadLetters());
    const again = await Promise.all(records.map(({ orderId }) => source.findOrderRecord(orderId)));
    const deadLettersAgain = await Promise.all(deadLetters.map((row) => source.findDeadLetters(row)));
    const report = await audit(source, { patienceMs: 0, clock: () => PUBLISHED_AT_MS + 60_000 });
    expect(again.map(sorted)).toEqual(records.map(sorted));
    return {
      records: records.map(sorted).toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1)),
      deadLetters: deadLetters.toSorted(byEvent),
      deadLettersAgain: deadLettersAgain.flat().toSorted(byEvent),
      report: {
        ...report,
        violations: report.violations.toSorted((a, b) => (a.detail < b.detail ? -1 : 1)),
      },
    };
  };
});

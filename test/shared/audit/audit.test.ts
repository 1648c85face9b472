import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AuditReport, audit } from '../../../shared/audit/audit.ts';
import { LISTED_MAX } from '../../../shared/audit/auditCounts.ts';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import type { EventStamp } from '../../../shared/domain/event.ts';
import { writeTimeOf } from '../../../shared/domain/writeTimeOf.ts';
import { orderCells, paymentCells } from '../../../shared/store/columns.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/store.ts';
import {
  deadLetterOf,
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
  rowsSource,
} from '../../support/messages/records.ts';
import { order, payment, PUBLISHED_AT_MS, stamp } from '../../../proof/referenceMessages.ts';

type MemoryStore = ReturnType<typeof createMemoryStore>;

const at = (number: number): bigint => writeTimeOf(stamp(number));
const ledgerKey = (number: number): string => `1/1001/${stamp(number).eventId}`;
const deadLetterKey = (event: EventStamp, reason: string): string => {
  const { day, shard, eventId } = deadLetterKeyOf(event);
  return `${day}/${shard}/${eventId}/${reason}`;
};
/** An order and its payment, joined as the handlers leave them. */
const joined = async (): Promise<MemoryStore> => {
  const store = createMemoryStore();
  await store.recordOrder(order(), stamp(1));
  await store.recordPayment(payment(), stamp(2));
  return store;
};

/** A payment whose order has not come, as `onDlq` parks it. */
const parked = async (): Promise<MemoryStore> => {
  const store = createMemoryStore();
  await store.parkPayment(payment(), stamp(2));
  await store.recordDeadLetter(deadLetterOf(2));
  return store;
};

const invariantsOf = async (source: AuditSource): Promise<string[]> => {
  const { violations, violationCount } = await audit(source, { patienceMs: 0 });
  expect(violationCount).toBe(violations.length);
  return violations.map(({ invariant }) => invariant);
};

describe('clean tables', () => {
  it('that are empty report nothing', async () => {
    const report = await audit(createMemoryStore());

    expect(report).toEqual<AuditReport>({
      orders: 0,
      paid: 0,
      unpaid: 0,
      payments: 0,
      matched: 0,
      parked: 0,
      parkedPayments: [],
      oldestParkedSeconds: undefined,
      conflicts: 0,
      conflictOrderIds: [],
      changed: 0,
      changedPayments: [],
      repeats: 0,
      deadLetters: { unmatched: 0, invalid: 0, conflict: 0 },
      openDeadLetters: 0,
      violationCount: 0,
      violations: [],
      expectation: undefined,
    });
  });

  it.for([
    ['a joined payment', joined],
    ['a parked payment', parked],
  ] as const)('break no promise with %s', async ([, fill]) => {
    expect(await invariantsOf(await fill())).toEqual([]);
  });

  it('are counted: orders, payments, conflicts, changed payments, repeats and dead letters', async () => {
    const store = createMemoryStore();
    await store.recordOrder(order(), stamp(1));
    await store.recordPayment(payment(), stamp(2));
    await store.recordPayment(payment(), stamp(3));
    await store.recordPayment(payment({ paymentStatus: 'Refunded' }), stamp(4));
    await store.recordPayment(payment({ paymentId: 7n }), stamp(5));
    await store.recordDeadLetter(deadLetterOf(5, { reason: 'conflict', paymentId: 7n }));
    await store.recordOrder(order({ orderId: 2n }), stamp(6));
    const early = payment({ orderId: 3n, paymentId: 1003n });
    await store.parkPayment(early, stamp(7));
    await store.recordDeadLetter(deadLetterOf(7, { orderId: 3n, paymentId: 1003n }));
    const none = { reason: 'invalid', orderId: undefined, paymentId: undefined } as const;
    await store.recordDeadLetter(deadLetterOf(8, none));
    await store.recordDeadLetter(deadLetterOf(9, none));

    const report = await audit(store, { clock: () => stamp(7).publishedAtMs + 61_499 });

    expect(report).toEqual<AuditReport>({
      orders: 2,
      paid: 1,
      unpaid: 1,
      payments: 3,
      matched: 2,
      parked: 1,
      parkedPayments: [{ orderId: 3n, paymentId: 1003n, ageSeconds: 61 }],
      oldestParkedSeconds: 61,
      conflicts: 1,
      conflictOrderIds: [1n],
      changed: 1,
      changedPayments: [{ orderId: 1n, paymentId: 1001n }],
      repeats: 1,
      deadLetters: { unmatched: 1, invalid: 2, conflict: 1 },
      openDeadLetters: 1,
      violationCount: 0,
      violations: [],
      expectation: undefined,
    });
  });

  it('are held against an expectation', async () => {
    const expectation = {
      matched: [{ order_id: 1n, payment_id: 1001n }],
      parked: [{ order_id: 9n, payment_id: 1009n }],
      unpaid: [],
      conflicts: [],
      invalid: ['0'.repeat(64)],
    };

    const report = await audit(await joined(), { expectation });

    expect(report.violationCount).toBe(0);
    expect(report.expectation?.lost).toBe(2);
    expect(report.expectation?.unmet).toEqual([
      'lost: payment 1009 should be parked and wait for order 9',
      `lost: the invalid body with SHA-256 ${'0'.repeat(64)} should be dead-lettered`,
    ]);
  });
});

describe('each violation of the runbook is found in the tables', () => {
  it('I1: a dead letter whose payment is not in the ledger', async () => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(1));

    expect(await invariantsOf(store)).toEqual(['I1']);
  });

  it('I1: a parked payment without its dead letter', async () => {
    const store = createMemoryStore();
    await store.parkPayment(payment(), stamp(1));

    expect(await invariantsOf(store)).toEqual(['I1']);
  });

  it('I3: an order and its payment that are both here but not joined', async () => {
    const store = await parked();
    await store.markMatched(stamp(2), PUBLISHED_AT_MS);
    await store.recordOrder(order(), stamp(1));

    expect(await invariantsOf(store)).toEqual(['I3']);
  });

  it('I3: a dead letter that is open though its order is here and paid', async () => {
    const store = await parked();
    await store.recordOrder(order(), stamp(1));
    await store.attachPayments(await store.findPayments(1n));

    expect(await invariantsOf(store)).toEqual(['I3']);
  });

  it('I3: a payment that nobody parked, of an order that is not here', async () => {
    const store = createMemoryStore();
    const { payment_id: _, ...cells } = paymentCells(payment());
    store.tables.ledger.write(ledgerKey(1), { ...cells, published_at: BigInt(PUBLISHED_AT_MS) }, at(1));

    expect(await invariantsOf(store)).toEqual(['I3']);
  });

  it('I3: a shown payment without its order', async () => {
    const store = await parked();
    store.tables.facts.write('1', paymentCells(payment()), at(2));

    expect(await invariantsOf(store)).toEqual(['I3']);
  });

  it('I4: an order that shows a payment which is not its newest, after a write from outside', async () => {
    const store = await joined();
    await store.recordPayment(payment({ paymentId: 7n }), stamp(3));

    store.tables.facts.write('1', paymentCells(payment()), at(1_000_000));

    expect(await invariantsOf(store)).toEqual(['I4']);
  });

  it('I5: a fact that has lost order columns', async () => {
    const store = createMemoryStore();
    const { item: _, price: __, ...rest } = orderCells(order());
    store.tables.facts.write('1', rest, at(1));

    expect(await invariantsOf(store)).toEqual(['I5']);
  });

  it('I5: a fact that has lost payment columns', async () => {
    const store = createMemoryStore();
    await store.recordOrder(order(), stamp(1));
    const { payment_method: _, ...rest } = paymentCells(payment());
    store.tables.facts.write('1', rest, at(2));
    await store.parkPayment(payment(), stamp(2));
    await store.recordDeadLetter(deadLetterOf(2));
    await store.markMatched(stamp(2), PUBLISHED_AT_MS);

    expect(await invariantsOf(store)).toEqual(['I5']);
  });

  it('I5: a row of the ledger that has lost columns', async () => {
    const store = await joined();
    store.tables.ledger.write(ledgerKey(9), { published_at: 5n, payment_method: 'PayPal' }, at(9));

    expect(await invariantsOf(store)).toEqual(['I5']);
  });

  it('I5: a dead letter of which only the mark is left, even after looking again', async () => {
    const store = await joined();
    store.tables.deadLetters.write(deadLetterKey(stamp(2), 'unmatched'), { matched_at: 5n }, at(2));

    const { violations } = await audit(store, { patienceMs: 1 });

    expect(violations.map(({ invariant }) => invariant)).toEqual(['I5']);
  });

  it('I6: a shown payment that is not in the ledger', async () => {
    const store = createMemoryStore();
    await store.recordOrder(order(), stamp(1));
    store.tables.facts.write('1', paymentCells(payment()), at(2));

    expect(await invariantsOf(store)).toEqual(['I6']);
  });

  it('I6: a conflict’s dead letter whose payment is not in the ledger', async () => {
    const store = await joined();
    await store.recordDeadLetter(deadLetterOf(3, { reason: 'conflict', paymentId: 7n }));

    expect(await invariantsOf(store)).toEqual(['I6']);
  });
});

/**
 * Tables in which `happen` happens after the orders have been scanned, and before anything is looked at
 * again.
 */
const afterScan = (store: MemoryStore, happen: () => Promise<void>): AuditSource => ({
  ...store,
  scanDeadLetters: async function* () {
    yield* store.scanDeadLetters();
    await happen();
  },
});

/** Tables in which `happen` happens right before an order is read for the second time. */
const beforeSecondLook = (store: MemoryStore, happen: () => Promise<void>): AuditSource => {
  let looks = 0;
  return {
    ...store,
    findOrderRecord: async (orderId) => {
      looks += 1;
      if (looks === 2) await happen();
      return store.findOrderRecord(orderId);
    },
  };
};

describe('live traffic', () => {
  it('a join that the scan saw half done is no violation', async () => {
    const store = await parked();
    await store.recordOrder(order(), stamp(1));

    const report = await audit(
      afterScan(store, async () => {
        await store.attachPayments(await store.findPayments(1n));
        await store.markMatched(stamp(2), PUBLISHED_AT_MS);
      }),
    );

    expect(report.violations).toEqual([]);
    expect(report.violationCount).toBe(0);
  });

  it('a dead letter that is recorded a moment after its payment is no violation', async () => {
    const store = createMemoryStore();
    await store.parkPayment(payment(), stamp(2));

    const report = await audit(afterScan(store, () => store.recordDeadLetter(deadLetterOf(2))));

    expect(report.violations).toEqual([]);
  });

  it('a payment that reaches the ledger a moment after its dead letter is no violation', async () => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(2));

    const report = await audit(beforeSecondLook(store, () => store.parkPayment(payment(), stamp(2))));

    expect(report.violations).toEqual([]);
  });

  it('a dead letter whose contents come a moment after its mark is no violation', async () => {
    const store = createMemoryStore();
    await store.recordOrder(order(), stamp(1));
    await store.parkPayment(payment(), stamp(2));
    await store.attachPayments(await store.findPayments(1n));
    await store.markMatched(stamp(2), PUBLISHED_AT_MS);

    const report = await audit(afterScan(store, () => store.recordDeadLetter(deadLetterOf(2))));

    expect(report.violations).toEqual([]);
  });

  it('a violation that stays is reported as it was last seen', async () => {
    const store = await parked();
    await store.recordOrder(order(), stamp(1));

    const { violations } = await audit(
      afterScan(store, async () => store.attachPayments(await store.findPayments(1n))),
      { patienceMs: 1 },
    );

    expect(violations).toEqual([
      {
        invariant: 'I3',
        detail: 'the dead letter of payment 1001 is open though its order 1 is here',
        orderId: 1n,
      },
    ]);
  });

  it('clean tables are not waited for', async () => {
    const startedAt = performance.now();

    await audit(await joined(), { patienceMs: 600_000 });

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('with no patience what was seen once counts', async () => {
    const store = createMemoryStore();
    await store.parkPayment(payment(), stamp(2));
    const source = afterScan(store, () => store.recordDeadLetter(deadLetterOf(2)));

    expect((await audit(source, { patienceMs: 0 })).violationCount).toBe(1);
  });
});

describe('reads are bounded', () => {
  it('however many payments wait for one order', async () => {
    const store = createMemoryStore();
    for (let number = 0; number < 600; number += 1) {
      await store.parkPayment(payment({ paymentId: BigInt(number) }), stamp(number));
    }
    let reading = 0;
    let most = 0;
    const source: AuditSource = {
      ...store,
      findDeadLetters: async (key) => {
        reading += 1;
        most = Math.max(most, reading);
        const rows = await store.findDeadLetters(key);
        reading -= 1;
        return rows;
      },
    };

    await audit(source, { patienceMs: 0 });

    expect(most).toBeLessThanOrEqual(32);
  });

  it('to no payload where none is expected, and to one at a time where some are', async () => {
    const store = createMemoryStore();
    const bodies = ['first', 'second', 'of another run'];
    for (const [number, body] of bodies.entries()) {
      await store.recordDeadLetter(deadLetterOf(number, { reason: 'invalid', payload: Buffer.from(body) }));
    }
    await store.recordDeadLetter(deadLetterOf(9, { reason: 'conflict', payload: Buffer.from('first') }));
    const reads: string[] = [];
    const source: AuditSource = {
      ...store,
      findPayload: async (key, reason) => {
        const payload = await store.findPayload(key, reason);
        reads.push(Buffer.from(payload).toString());
        return payload;
      },
    };
    const nothing = { matched: [], parked: [], unpaid: [], conflicts: [], invalid: [] };
    const sha256Of = (body: string) => createHash('sha256').update(body).digest('hex');

    await audit(source, { patienceMs: 0 });
    expect(reads).toEqual([]);
    const expectation = { ...nothing, invalid: ['first', 'second'].map(sha256Of) };
    const report = await audit(source, { patienceMs: 0, expectation });

    expect(report.expectation).toEqual({ lost: 0, unmet: [] });
    expect(reads).toEqual(['first', 'second']);
  });
});

describe('lists are cut, counts are exact', () => {
  const many = LISTED_MAX + 50;
  const indexes = Array.from({ length: many }, (_, index) => index);

  it('of parked payments the oldest are listed, oldest first, and the oldest age is exact', async () => {
    const parkedRows = indexes.map((index) => {
      const orderId = BigInt(index);
      // In no order: 7919 is a prime that does not divide their number.
      const row = ledgerRow(((index * 7919) % many) * 1_000, { orderId, paymentId: orderId + 1000n });
      return { ...row, isParked: true };
    });
    const source = rowsSource(
      parkedRows.map((row) => orderRecord({ orderId: row.orderId, ledger: [row] })),
      parkedRows.map(({ eventId, publishedAtMs, orderId, paymentId }) =>
        deadLetterRow(0, { eventId, publishedAtMs, orderId, paymentId }),
      ),
    );

    const report = await audit(source, { clock: () => stamp(many * 1_000).publishedAtMs });

    expect(report).toMatchObject({ parked: many, openDeadLetters: many, violationCount: 0 });
    expect(report.oldestParkedSeconds).toBe(many);
    expect(report.parkedPayments.map(({ ageSeconds }) => ageSeconds)).toEqual(
      indexes.slice(0, LISTED_MAX).map((index) => many - index),
    );
  });

  it('of parked payments of the same age the smaller ids come first', async () => {
    const pairs = [
      [3n, 2n],
      [9_007_199_254_740_993n, 1n],
      [9_007_199_254_740_992n, 1n],
      [3n, 1n],
    ] as const;
    const rows = pairs.map(([orderId, paymentId]) => ({
      ...ledgerRow(1, { orderId, paymentId }),
      isParked: true,
    }));
    const records = [...Map.groupBy(rows, ({ orderId }) => orderId)].map(([orderId, ledger]) =>
      orderRecord({ orderId, ledger }),
    );

    const { parkedPayments } = await audit(rowsSource(records, [deadLetterRow(1, { orderId: 3n })]));

    expect(parkedPayments.map(({ orderId, paymentId }) => `${orderId}/${paymentId}`)).toEqual([
      '3/1',
      '3/2',
      '9007199254740992/1',
      '9007199254740993/1',
    ]);
  });

  it('of conflicts and changed payments', async () => {
    const records = indexes.map((index) => {
      const orderId = BigInt(index);
      const ledger = [
        ledgerRow(1, { orderId, paymentMethod: 'old' }),
        ledgerRow(2, { orderId, paymentMethod: 'new' }),
        ledgerRow(3, { orderId, paymentId: 7n }),
      ];
      const fact = factRow({ order: orderColumns(), payment: paymentColumns({ paymentId: 7n }) }, orderId);
      return orderRecord({ orderId, fact, ledger });
    });

    const report = await audit(rowsSource(records));

    expect(report).toMatchObject({ conflicts: many, changed: many, repeats: 0, violationCount: 0 });
    expect(report.conflictOrderIds).toHaveLength(LISTED_MAX);
    expect(report.changedPayments).toHaveLength(LISTED_MAX);
  });

  it('of violations, even of more than are looked at again', async () => {
    const torn = {
      order: orderColumns({ item: undefined }),
      payment: paymentColumns({ paymentMethod: undefined }),
    };
    const records = Array.from({ length: 10_050 }, (_, index) => {
      const orderId = BigInt(index);
      return orderRecord({ orderId, fact: factRow(torn, orderId), ledger: [ledgerRow(1, { orderId })] });
    });

    const report = await audit(rowsSource(records), { patienceMs: 0 });

    expect(report.violationCount).toBe(2 * 10_050);
    expect(report.violations).toHaveLength(LISTED_MAX);
  });
});

describe('an audit', () => {
  it('says how many rows it has read', async () => {
    const seen: number[] = [];
    const records = Array.from({ length: 70 }, (_, index) => orderRecord({ orderId: BigInt(index) }));
    const invalid = { reason: 'invalid', orderId: undefined, paymentId: undefined } as const;

    await audit(rowsSource(records, [deadLetterRow(1, invalid)]), {
      onProgress: (rows) => seen.push(rows),
    });

    expect(seen).toEqual([32, 64, 70, 71]);
  });

  it('fails when its source cannot be read, rather than report half of it', async () => {
    const failure = new Error('the store did not answer');
    const unreadable: AuditSource = {
      ...rowsSource([orderRecord()]),
      scanDeadLetters: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) }),
    };

    await expect(audit(unreadable)).rejects.toThrow('the store did not answer');
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../shared/audit/audit.ts';
import { LISTED_MAX } from '../../../shared/audit/auditCounts.ts';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { NOTHING_EXPECTED } from '../../support/audit/nothingExpected.ts';
import { CLEAN, EMPTY_COUNTS } from '../../support/audit/auditReport.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
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
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';

type MemoryStore = ReturnType<typeof createMemoryStore>;

const storeWith = async (...entries: readonly LedgerEntry[]): Promise<MemoryStore> => {
  const store = createMemoryStore();
  await acceptAll(store, ...entries);
  return store;
};

/** An order and its payment that are both here but not joined: a function died after it had recorded. */
const unjoined = async (): Promise<MemoryStore> => {
  const store = createMemoryStore();
  await recordOnly(store, orderEntry(1), paymentEntry(2));
  return store;
};

const sentencesOf = (violations: readonly { readonly promise: string; readonly detail: string }[]) =>
  violations.map(({ promise, detail }) => `${promise}: ${detail}`);

describe('clean tables', () => {
  it('that are empty report nothing', async () => {
    expect(await audit(createMemoryStore())).toEqual({ ...EMPTY_COUNTS, ...CLEAN });
  });

  it('are counted: statuses, findings with their orders, and what people may want to know', async () => {
    const clockAhead = { occurredAtMs: PUBLISHED_AT_MS + 3_600_000 };
    const together = { publishedAtMs: PUBLISHED_AT_MS };
    const store = await storeWith(
      // Order 1 is paid twice, and one payment of it repeats.
      orderEntry(1),
      paymentEntry(2),
      paymentEntry(3),
      paymentEntry(4, { paymentId: 7n }),
      // Order 2 has a payment with contradicting cards, which failed.
      orderEntry(10, { orderId: 2n }),
      paymentEntry(11, { orderId: 2n, paymentStatus: 'Declined' }),
      paymentEntry(12, { orderId: 2n, paymentStatus: 'Declined', cardLastFour: '9999' }),
      // Order 3 has two versions of one time and of two customers, and no payment.
      orderEntry(20, { orderId: 3n }, together),
      orderEntry(21, { orderId: 3n, customerId: 5n }, together),
      // Order 4 has a word that nobody knows, and a producer whose clock is wrong.
      orderEntry(30, { orderId: 4n }, clockAhead),
      paymentEntry(31, { orderId: 4n, paymentStatus: 'frozen' }),
      // Order 5 was refunded under an id of its own.
      orderEntry(40, { orderId: 5n }),
      paymentEntry(41, { orderId: 5n }),
      paymentEntry(42, { orderId: 5n, paymentId: 8n, paymentStatus: 'Refunded' }),
      // Two payments wait. One of them has been discarded.
      paymentEntry(50, { orderId: 6n, paymentId: 1_006n }),
      paymentEntry(51, { orderId: 7n }),
      decisionEntry(52, { orderId: 7n, decision: 'discarded', ref: stamp(51).eventId }),
    );
    await store.recordDeadLetter(deadLetterOf(60, { reason: 'invalid', orderId: undefined }));

    const report = await audit(store, { clock: () => stamp(50).publishedAtMs + 61_499 });

    expect(report).toEqual({
      ...EMPTY_COUNTS,
      ...CLEAN,
      orders: 5,
      statuses: { succeeded: 2, refunded: 0, pending: 0, unknown: 1, failed: 1 },
      paid: 2,
      unpaid: 1,
      payments: 8,
      matched: 6,
      parked: 1,
      discarded: 1,
      parkedPayments: [{ orderId: 6n, paymentId: 1_006n, ageSeconds: 61 }],
      oldestParkedSeconds: 61,
      findings: { conflict: 1, changed: 1, rivals: 1, too_many: 0 },
      findingOrderIds: { conflict: [1n], changed: [2n], rivals: [3n], too_many: [] },
      repeats: 1,
      reused: 1,
      reusedOrderIds: [3n],
      refundedApart: 1,
      clocksRefused: 1,
      unknownStatusWords: ['frozen'],
      deadLetters: { invalid: 1, unmatched: 2, conflict: 1, changed: 1, rivals: 1, too_many: 0 },
      openDeadLetters: 5,
      ids: {
        ...EMPTY_COUNTS.ids,
        succeeded: [1n, 5n],
        unknown: [4n],
        failed: [2n],
        unpaid: [3n],
        discarded: [7n],
        refundedApart: [5n],
        clocksRefused: [4n],
      },
    });
  });

  it('are held against an expectation', async () => {
    const expectation = {
      ...NOTHING_EXPECTED,
      matched: [{ order_id: 1n, payment_id: 1001n }],
      parked: [{ order_id: 9n, payment_id: 1009n }],
      invalid: ['0'.repeat(64)],
    };

    const report = await audit(await storeWith(orderEntry(1), paymentEntry(2)), { expectation });

    expect(report.violationCount).toBe(0);
    expect(report.expectation?.lost).toBe(2);
    expect(report.expectation?.unmet).toEqual(
      expect.arrayContaining([
        'lost: payment 1009 should be parked and wait for order 9',
        `lost: the invalid body with SHA-256 ${'0'.repeat(64)} should be dead-lettered`,
      ]),
    );
  });
});

describe('what is broken is found in the tables', () => {
  const found = async (source: AuditSource): Promise<string[]> => {
    const { violations, violationCount } = await audit(source, { patienceMs: 0 });
    expect(violationCount).toBe(violations.length);
    return sentencesOf(violations);
  };

  it('I1: a payment that waits, of which nobody was told', async () => {
    const store = createMemoryStore();
    await recordOnly(store, paymentEntry(1));

    expect(await found(store)).toEqual(['I1: nobody was told: payment 1001 waits for order 1']);
  });

  it('I1: a dead letter whose event is not in the ledger', async () => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(1));

    expect(await found(store)).toEqual([
      `I1: event ${stamp(1).eventId} of order 1 is dead-lettered (unmatched) but not in the ledger`,
    ]);
  });

  it('I3: an order and its payment that are both here but not joined', async () => {
    expect(await found(await unjoined())).toEqual([
      'I3: order 1 and its payment 1001 are both here but not joined',
    ]);
  });

  it('I5: payment cells that somebody wrote by hand, also when it is only one of them', async () => {
    const store = await storeWith(orderEntry(1), paymentEntry(2));
    const byHand = BigInt(Date.UTC(2026)) * 1_000n;
    store.tables.facts.write('1', { payment_status: 'Completed' }, byHand);

    expect(await found(store)).toEqual([
      'I5: somebody else wrote the payment columns of order 1 at 2026-01-01T00:00:00.000Z',
    ]);
  });

  it('I6: a double payment of which nobody was told', async () => {
    const store = await storeWith(orderEntry(1), paymentEntry(2));
    await recordOnly(store, paymentEntry(3, { paymentId: 7n }));

    expect(await found(store)).toContain('I6: nobody was told: order 1 is paid by 2 payments: 1001, 7');
  });

  it('I6: a double payment of which somebody was told something else', async () => {
    const store = await storeWith(orderEntry(1), paymentEntry(2));
    await recordOnly(store, paymentEntry(3, { paymentId: 7n }));
    await store.recordDeadLetter(deadLetterOf(3, { orderId: 1n }));

    expect((await found(store)).some((sentence) => sentence.startsWith('I6'))).toBe(true);
  });

  it('I5: a fact that has lost columns', async () => {
    const store = await storeWith(orderEntry(1), paymentEntry(2));
    store.tables.facts.write('1', { item: null, payment_method: null }, 2n ** 60n);

    expect(await found(store)).toEqual([
      'I5: order 1 has lost some of its order columns',
      'I5: order 1 has lost some of its payment columns',
    ]);
  });
});

describe('what a message on its way may still make right', () => {
  const LIVE = { inProgressMs: 660_000 };

  it('is suspected, never a violation, when nobody has looked for long enough', async () => {
    const report = await audit(await unjoined(), { ...LIVE, patienceMs: 1 });

    expect(report).toMatchObject({ violationCount: 0, violations: [], suspectedCount: 1 });
    expect(sentencesOf(report.suspected)).toEqual([
      'I3: order 1 and its payment 1001 are both here but not joined',
    ]);
  });

  it.each([
    ['as long as a message may be on its way', 660_000, { violationCount: 1, suspectedCount: 0 }],
    ['a second less', 659_000, { violationCount: 0, suspectedCount: 1 }],
  ])('is judged when it was seen for %s', async (_, apartMs, expected) => {
    let nowMs = PUBLISHED_AT_MS;
    const store = await unjoined();
    const slow: AuditSource = {
      ...store,
      // Only the second look reads the order alone.
      findOrderRecord: async (orderId) => {
        nowMs += apartMs;
        return store.findOrderRecord(orderId);
      },
    };

    expect(await audit(slow, { ...LIVE, patienceMs: 1, clock: () => nowMs })).toMatchObject(expected);
  });

  it('is not waited for when rows are torn: no message leaves that behind', async () => {
    const store = await storeWith(orderEntry(1));
    store.tables.facts.write('1', { item: null }, 2n ** 60n);

    expect(await audit(store, { ...LIVE, patienceMs: 1 })).toMatchObject({
      violationCount: 1,
      suspectedCount: 0,
    });
  });

  it('is counted and not kept beyond a number of suspicions', async () => {
    const many = 10_050;
    const records = Array.from({ length: many }, (_, index) =>
      orderRecord({ orderId: BigInt(index), ledger: [ledgerRow(orderEntry(1, { orderId: BigInt(index) }))] }),
    );

    const report = await audit(rowsSource(records), { ...LIVE, patienceMs: 0 });

    expect(report).toMatchObject({ violationCount: 0, suspectedCount: many });
    expect(report.suspected).toHaveLength(LISTED_MAX);
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

describe('live traffic', () => {
  it('a join that the scan saw half done is no violation', async () => {
    const store = await unjoined();

    const report = await audit(afterScan(store, () => acceptAll(store, paymentEntry(2))));

    expect(report).toMatchObject(CLEAN);
  });

  it('a dead letter that is recorded a moment after its payment is no violation', async () => {
    const store = createMemoryStore();
    await recordOnly(store, paymentEntry(2));

    const report = await audit(afterScan(store, () => store.recordDeadLetter(deadLetterOf(2))));

    expect(report).toMatchObject(CLEAN);
  });

  it('a dead letter that expires while the audit looks is no violation', async () => {
    const store = createMemoryStore();
    const gone = {
      ...store,
      scanDeadLetters: async function* () {
        yield deadLetterRow(1);
      },
    };

    expect(await audit(gone, { patienceMs: 1 })).toMatchObject(CLEAN);
  });

  it('clean tables are not waited for', async () => {
    const startedAt = performance.now();

    await audit(await storeWith(orderEntry(1), paymentEntry(2)), { patienceMs: 600_000 });

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('payloads', () => {
  it('are read only where one is expected, one at a time', async () => {
    const store = createMemoryStore();
    for (const [number, body] of ['first', 'second', 'of another run'].entries()) {
      await store.recordDeadLetter(deadLetterOf(number, { reason: 'invalid', payload: Buffer.from(body) }));
    }
    await acceptAll(store, paymentEntry(9));
    const reads: string[] = [];
    const source: AuditSource = {
      ...store,
      findPayload: async (key, reason) => {
        const payload = await store.findPayload(key, reason);
        reads.push(Buffer.from(payload).toString());
        return payload;
      },
    };
    const sha256Of = (body: string) => createHash('sha256').update(body).digest('hex');

    await audit(source, { patienceMs: 0 });
    expect(reads).toEqual([]);
    const expectation = { ...NOTHING_EXPECTED, invalid: ['first', 'second'].map(sha256Of) };
    const report = await audit(source, { patienceMs: 0, expectation });

    expect(report.expectation).toEqual({ lost: 0, unmet: [] });
    expect(reads.toSorted()).toEqual(['first', 'second']);
  });
});

describe('lists are cut, counts are exact', () => {
  const many = LISTED_MAX + 50;
  const indexes = Array.from({ length: many }, (_, index) => index);

  it('of parked payments the oldest are listed, oldest first, and the oldest age is exact', async () => {
    // In no order: 7919 is a prime that does not divide their number.
    const entries = indexes.map((index) =>
      paymentEntry(((index * 7919) % many) * 1_000, { orderId: BigInt(index) }),
    );
    const source = rowsSource(
      entries.map((entry) => orderRecord({ orderId: entry.orderId, ledger: [ledgerRow(entry)] })),
      entries.map(({ eventId, publishedAtMs, orderId }) =>
        deadLetterRow(0, {
          ...deadLetterKeyOf({ id: eventId, sinceMs: publishedAtMs }),
          toldBy: eventId,
          orderId,
        }),
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
    const ids = [
      [3n, 2n],
      [9_007_199_254_740_993n, 1n],
      [9_007_199_254_740_992n, 1n],
      [3n, 1n],
    ] as const;
    const store = createMemoryStore();
    for (const [index, [orderId, paymentId]] of ids.entries()) {
      await acceptAll(store, paymentEntry(index, { orderId, paymentId }, { publishedAtMs: PUBLISHED_AT_MS }));
    }

    const { parkedPayments } = await audit(store);

    expect(parkedPayments.map(({ orderId, paymentId }) => `${orderId}/${paymentId}`)).toEqual([
      '3/1',
      '3/2',
      '9007199254740992/1',
      '9007199254740993/1',
    ]);
  });

  it('of orders with a finding', async () => {
    const records = indexes.map((index) => {
      const orderId = BigInt(index);
      const entries = [
        orderEntry(1, { orderId }),
        paymentEntry(2, { orderId, paymentId: 7n }),
        paymentEntry(3, { orderId }),
      ];
      const fact = factRow({ order: orderColumns(), payment: paymentColumns() }, orderId);
      return orderRecord({ orderId, fact, ledger: entries.map((entry) => ledgerRow(entry)) });
    });

    const report = await audit(rowsSource(records), { patienceMs: 0 });

    expect(report.findings.conflict).toBe(many);
    expect(report.findingOrderIds.conflict).toHaveLength(LISTED_MAX);
    expect(report).toMatchObject({ violationCount: many });
    expect(report.violations).toHaveLength(LISTED_MAX);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../shared/audit/audit.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { AuditSource, OrderRecord, Store } from '../../shared/store/store.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { order, payment, PUBLISHED_AT_MS, stamp } from '../../proof/referenceMessages.ts';

type Write = () => Promise<void>;
type StoreAndSource = { readonly store: Store; readonly source: AuditSource };

const WRITES_AT_ONCE = 256;

const writeAll = async (writes: readonly Write[]): Promise<void> => {
  const left = writes.values();
  const worker = async (): Promise<void> => {
    for (const write of left) await write();
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, worker));
};

const openCassandra = async (): Promise<StoreAndSource> => {
  const { client } = await createTestKeyspace();
  return { store: createCassandraStore(client), source: createCassandraAuditSource(client) };
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const byEvent = (a: { readonly eventId: string }, b: { readonly eventId: string }): number =>
  a.eventId < b.eventId ? -1 : 1;

/** What an order's rows say, in the order of the events. */
const sorted = (record: OrderRecord): OrderRecord => ({ ...record, ledger: record.ledger.toSorted(byEvent) });

describe.skipIf(!hasCassandra)('a scan of tables with more rows than a page', () => {
  // A scan reads the ring in 16 parts, in pages of 1,000 rows (50 of dead letters). So many rows fill several
  // pages of each part.
  const ORDERS = 20_000;
  const PAYMENTS_OF_HOT_ORDER = 2_500;
  const EARLY = 2_500;
  const HOT = 10n ** 18n;
  let opened: StoreAndSource;

  beforeAll(async () => {
    opened = await openCassandra();
    const { store } = opened;
    await writeAll([
      ...numbers(ORDERS).map(
        (number) => () => store.recordOrder(order({ orderId: BigInt(number) }), stamp(1)),
      ),
      // Every fourth order is paid. Half of these are paid twice.
      ...numbers(ORDERS / 4).map(
        (number) => () => store.recordPayment(payment({ orderId: BigInt(number * 4) }), stamp(2)),
      ),
      ...numbers(ORDERS / 8).map(
        (number) => () => store.recordPayment(payment({ orderId: BigInt(number * 8) }), stamp(3)),
      ),
      () => store.recordOrder(order({ orderId: HOT }), stamp(1)),
      ...numbers(PAYMENTS_OF_HOT_ORDER).map(
        (number) => () =>
          store.recordPayment(payment({ orderId: HOT, paymentId: BigInt(number) }), stamp(10 + number)),
      ),
      ...numbers(EARLY).flatMap((number) => {
        const early = payment({ orderId: BigInt(ORDERS + number) });
        const at = stamp(100_000 + number);
        return [
          () => store.parkPayment(early, at),
          () => store.recordDeadLetter(deadLetterOf(100_000 + number, early)),
        ];
      }),
    ]);
  });
  afterAll(async () => {
    await opened.store.close();
  });

  it('sees every order exactly once, with its fact and its whole ledger', async () => {
    const sizes = new Map<bigint, string>();
    let seen = 0;

    for await (const { orderId, fact, ledger } of opened.source.scanOrders()) {
      seen += 1;
      const events = new Set(ledger.map(({ paymentId, eventId }) => `${paymentId}/${eventId}`));
      sizes.set(orderId, sizeOf(fact !== undefined, ledger.length, events.size));
    }

    const expected = new Map([
      ...numbers(ORDERS).map((number): [bigint, string] => {
        const payments = number % 8 === 0 ? 2 : number % 4 === 0 ? 1 : 0;
        return [BigInt(number), sizeOf(true, payments)];
      }),
      [HOT, sizeOf(true, PAYMENTS_OF_HOT_ORDER)],
      ...numbers(EARLY).map((number): [bigint, string] => [BigInt(ORDERS + number), sizeOf(false, 1)]),
    ]);
    expect(seen).toBe(ORDERS + 1 + EARLY);
    expect(differences(sizes, expected)).toEqual([]);
  });

  it('sees every dead letter exactly once', async () => {
    const rows = await Array.fromAsync(opened.source.scanDeadLetters());

    const eventIds = rows.map(({ eventId }) => eventId);
    expect(eventIds).toHaveLength(EARLY);
    expect(new Set(eventIds)).toEqual(
      new Set(numbers(EARLY).map((number) => stamp(100_000 + number).eventId)),
    );
  });

  it('is audited without a violation, and in exact counts', async () => {
    const report = await audit(opened.source, { patienceMs: 0 });

    expect(report).toMatchObject({
      orders: ORDERS + 1,
      paid: ORDERS / 4 + 1,
      unpaid: (ORDERS * 3) / 4,
      payments: ORDERS / 4 + PAYMENTS_OF_HOT_ORDER + EARLY,
      matched: ORDERS / 4 + PAYMENTS_OF_HOT_ORDER,
      parked: EARLY,
      conflicts: 1,
      conflictOrderIds: [HOT],
      changed: 0,
      repeats: ORDERS / 8,
      deadLetters: { unmatched: EARLY, invalid: 0, conflict: 0 },
      openDeadLetters: EARLY,
      violations: [],
      violationCount: 0,
    });
  });
});

const sizeOf = (hasFact: boolean, rows: number, events = rows): string =>
  `${hasFact ? 'a fact' : 'no fact'}, ${rows} rows of ${events} payment events`;

/** The first ten orders that differ: a failure among thousands must stay readable. */
const differences = (got: ReadonlyMap<bigint, string>, expected: ReadonlyMap<bigint, string>): string[] =>
  [...new Set([...got.keys(), ...expected.keys()])]
    .filter((orderId) => got.get(orderId) !== expected.get(orderId))
    .slice(0, 10)
    .map((orderId) => `${orderId}: got ${got.get(orderId)}, expected ${expected.get(orderId)}`);

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

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { order, payment, stamp } from '../../proof/referenceMessages.ts';
import { audit } from '../../shared/audit/audit.ts';
import { numbers, openCassandra, type StoreAndSource, writeAll } from '../support/cassandra/manyRows.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { deadLetterOf } from '../support/messages/records.ts';

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

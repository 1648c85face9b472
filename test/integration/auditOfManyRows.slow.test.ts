import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../functions/audit/handler.ts';
import { AUDIT_LIMITS, type AuditLimits } from '../../functions/audit/limits.ts';
import { audit } from '../../shared/audit/audit.ts';
import { createAuditCursorStore } from '../../shared/store/auditCursor.ts';
import { createAuditSuspicionStore } from '../../shared/store/auditSuspicionStore.ts';
import { LEDGER_ENTRIES_MAX } from '../../shared/store/store.ts';
import { acceptAll } from '../support/audit/acceptAll.ts';
import { numbers, openCassandra, type StoreAndSource, writeAll } from '../support/cassandra/manyRows.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createRecordingLog } from '../support/functions/recordingLog.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { stamp } from '../support/messages/domain.ts';

describe.skipIf(!hasCassandra)('a scan of tables with more rows than a page', () => {
  // A scan reads the ring in 16 parts, in pages of 1,000 rows. So many rows fill several pages of each part.
  const ORDERS = 20_000;
  const PAYMENTS_OF_HOT_ORDER = 900;
  const EARLY = 2_500;
  const HOT = 10n ** 18n;
  let opened: StoreAndSource;

  beforeAll(async () => {
    opened = await openCassandra();
    const { store } = opened;
    await writeAll([
      // Every fourth order is paid. Half of these are paid twice, by the same words.
      ...numbers(ORDERS).map((number) => async () => {
        const orderId = BigInt(number);
        await acceptAll(store, orderEntry(1, { orderId }));
        if (number % 4 === 0) await acceptAll(store, paymentEntry(2, { orderId }));
        if (number % 8 === 0) await acceptAll(store, paymentEntry(3, { orderId }));
      }),
      ...numbers(EARLY).map((number) => async () => {
        await acceptAll(store, paymentEntry(100_000 + number, { orderId: BigInt(ORDERS + number) }));
      }),
    ]);
    await acceptAll(store, orderEntry(1, { orderId: HOT }));
    await writeAll(
      numbers(PAYMENTS_OF_HOT_ORDER).map(
        (number) => () =>
          store.recordEntry(
            paymentEntry(10 + number, { orderId: HOT, paymentId: BigInt(number), paymentStatus: 'Failed' }),
          ),
      ),
    );
    await acceptAll(store, paymentEntry(9, { orderId: HOT }));
  }, 600_000);
  afterAll(async () => {
    await opened.store.close();
  });

  it('sees every order exactly once, with its fact and its whole ledger', async () => {
    const sizes = new Map<bigint, string>();
    let seen = 0;

    for await (const { orderId, fact, ledger } of opened.source.scanOrders()) {
      seen += 1;
      const events = new Set(ledger.map(({ eventId }) => eventId));
      sizes.set(orderId, sizeOf(fact !== undefined, ledger.length, events.size));
    }

    const expected = new Map([
      ...numbers(ORDERS).map((number): [bigint, string] => {
        const payments = number % 8 === 0 ? 2 : number % 4 === 0 ? 1 : 0;
        return [BigInt(number), sizeOf(true, 1 + payments)];
      }),
      [HOT, sizeOf(true, PAYMENTS_OF_HOT_ORDER + 2)],
      ...numbers(EARLY).map((number): [bigint, string] => [BigInt(ORDERS + number), sizeOf(false, 1)]),
    ]);
    expect(seen).toBe(ORDERS + 1 + EARLY);
    expect(differences(sizes, expected)).toEqual([]);
  });

  it('sees every dead letter exactly once', async () => {
    const rows = await Array.fromAsync(opened.source.scanDeadLetters());

    expect(rows).toHaveLength(EARLY);
    expect(new Set(rows.map(({ id }) => id))).toEqual(
      new Set(numbers(EARLY).map((number) => stamp(100_000 + number).eventId)),
    );
  });

  it('is audited without a violation, and in exact counts', async () => {
    const report = await audit(opened.source, { patienceMs: 0 });

    expect(report).toMatchObject({
      orders: ORDERS + 1,
      paid: ORDERS / 4 + 1,
      unpaid: (ORDERS * 3) / 4,
      payments: ORDERS / 4 + PAYMENTS_OF_HOT_ORDER + 1 + EARLY,
      matched: ORDERS / 4 + PAYMENTS_OF_HOT_ORDER + 1,
      parked: EARLY,
      findings: { conflict: 0, changed: 0, rivals: 0, too_many: 0 },
      repeats: ORDERS / 8,
      deadLetters: { unmatched: EARLY, invalid: 0, conflict: 0 },
      openDeadLetters: EARLY,
      violations: [],
      violationCount: 0,
    });
  });
});

describe.skipIf(!hasCassandra)('40,000 rows in one partition', () => {
  const ROWS = 40_000;
  const TOLD = 2_000;
  const HOT = 17n;
  let opened: StoreAndSource;

  beforeAll(async () => {
    opened = await openCassandra();
    const { store } = opened;
    // Payments that wait for one order, what the last ones told, and as many dead letters in one partition.
    await writeAll(
      numbers(ROWS).flatMap((number) => {
        const early = paymentEntry(number, { orderId: HOT, paymentId: BigInt(number) });
        const together = `00000000${'0'.repeat(16)}${number.toString(16).padStart(8, '0')}`;
        return [
          () => store.recordEntry(early),
          () => store.recordDeadLetter(deadLetterOf(number, { reason: 'invalid', id: together })),
          ...(number >= ROWS - TOLD
            ? [() => store.recordDeadLetter(deadLetterOf(number, { orderId: HOT }))]
            : []),
        ];
      }),
    );
    // The last one tells that there are too many. Nothing else can be said from a part of the ledger.
    await acceptAll(store, paymentEntry(ROWS, { orderId: HOT, paymentId: 10n ** 12n }));
    // The orders before and behind it are not forgotten.
    for (const orderId of numbers(50)) {
      if (BigInt(orderId) !== HOT) await acceptAll(store, orderEntry(1, { orderId: BigInt(orderId) }));
    }
  }, 900_000);
  afterAll(async () => {
    await opened.store.close();
  });

  /** Short calls, until a pass is done. */
  const passOf = async (limits: Partial<AuditLimits>) => {
    const recording = createRecordingLog();
    const { client, source } = opened;
    const answer = createAudit({
      source,
      cursor: createAuditCursorStore(client),
      suspicions: createAuditSuspicionStore(client),
      findMissingMigrations: async () => [],
      clock: Date.now,
      log: recording.log,
      limits: { ...AUDIT_LIMITS, rowsPerSecond: Infinity, ...limits },
    });
    let calls = 0;
    const startedAt = performance.now();
    do {
      expect(await answer({ method: 'POST' })).toEqual({ status: 200 });
      calls += 1;
    } while (recording.lines().at(-1)?.pass_finished !== true);
    const sum = (field: string) => recording.lines().reduce((total, line) => total + Number(line[field]), 0);
    return { calls, seconds: (performance.now() - startedAt) / 1_000, sum };
  };

  it(
    'do not stop a pass: each call of two seconds comes further, and the pass ends',
    { timeout: 600_000 },
    async () => {
      const { calls, sum } = await passOf({ budgetMs: 2_000 });

      expect(calls).toBeGreaterThan(1);
      expect(sum('orders')).toBe(49);
      expect(sum('cut_orders')).toBe(1);
      expect(sum('rows')).toBe(50 + ROWS + TOLD + 1);
      expect([sum('violations'), sum('suspected')]).toEqual([0, 0]);
    },
  );

  it('are read no faster than the pace allows', { timeout: 600_000 }, async () => {
    const { seconds } = await passOf({ budgetMs: 60_000, rowsPerSecond: 10_000 });

    // All dead letters, and the part of the ledger that is read.
    expect(seconds).toBeGreaterThanOrEqual((ROWS + TOLD + LEDGER_ENTRIES_MAX) / 10_000);
  });

  it('are not all held: of the ledger as many as are folded, and one more', async () => {
    const scanned = await Array.fromAsync(opened.source.scanOrders());
    const alone = await opened.source.findOrderRecord(HOT);

    expect(scanned.map(({ orderId }) => orderId).toSorted((a, b) => Number(a - b))).toEqual(
      numbers(50).map(BigInt),
    );
    expect(scanned.find(({ orderId }) => orderId === HOT)).toEqual(alone);
    expect(alone.ledger).toHaveLength(LEDGER_ENTRIES_MAX + 1);
  });

  it('are what an operator is told of: too many', { timeout: 600_000 }, async () => {
    const report = await audit(opened.source, { patienceMs: 0 });

    expect(report).toMatchObject({
      violationCount: 0,
      cut: 1,
      cutOrderIds: [HOT],
      findings: { too_many: 1 },
      findingOrderIds: { too_many: [HOT] },
    });
  });
});

const sizeOf = (hasFact: boolean, rows: number, events = rows): string =>
  `${hasFact ? 'a fact' : 'no fact'}, ${rows} rows of ${events} events`;

/** The first ten orders that differ: a failure among thousands must stay readable. */
const differences = (got: ReadonlyMap<bigint, string>, expected: ReadonlyMap<bigint, string>): string[] =>
  [...new Set([...got.keys(), ...expected.keys()])]
    .filter((orderId) => got.get(orderId) !== expected.get(orderId))
    .slice(0, 10)
    .map((orderId) => `${orderId}: got ${got.get(orderId)}, expected ${expected.get(orderId)}`);

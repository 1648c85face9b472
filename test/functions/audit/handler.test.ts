import { describe, expect, it } from 'vitest';
import { type AuditDeps, createAudit } from '../../../functions/audit/handler.ts';
import { AUDIT_LIMITS, type AuditLimits } from '../../../functions/audit/limits.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AuditCursor } from '../../../shared/store/auditCursor.ts';
import type { KeptSuspicion } from '../../../shared/store/auditSuspicionStore.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterRow, paymentColumns, rowsSource } from '../../support/messages/records.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';

const POST = { method: 'POST' };
const HOUR_MS = 3_600_000;
/** When the first call begins. */
const NOW_MS = PUBLISHED_AT_MS + HOUR_MS;
const IN_PROGRESS_MS = AUDIT_LIMITS.inProgressMs;

interface Options {
  readonly limits?: Partial<AuditLimits>;
  readonly missing?: readonly string[];
  /** Changes the source of a call. `state` has the clock, which nothing else moves. */
  readonly wrap?: (source: AuditSource, state: { nowMs: number }) => AuditSource;
  /** The cursor can be written so often; after that it fails. */
  readonly cursorWrites?: number;
}

const setUp = (source: AuditSource, options: Options = {}) => {
  const { limits = {}, missing = [], wrap = (same) => same, cursorWrites = Infinity } = options;
  const recording = createRecordingLog();
  const state: { nowMs: number; cursor: AuditCursor | undefined; writes: number } = {
    nowMs: NOW_MS,
    cursor: undefined,
    writes: 0,
  };
  const kept: KeptSuspicion[] = [];
  const deps: AuditDeps = {
    source: wrap(source, state),
    cursor: {
      read: async () => state.cursor,
      write: async (next) => {
        state.writes += 1;
        if (state.writes > cursorWrites) throw new TransientError('the cursor was not written');
        state.cursor = next;
      },
    },
    suspicions: {
      remember: async (suspicion) => {
        kept.push(suspicion);
      },
      findSeen: async function* (afterMs, upToMs) {
        yield* kept.filter(({ firstSeenAtMs }) => firstSeenAtMs > afterMs && firstSeenAtMs <= upToMs);
      },
    },
    findMissingMigrations: async () => missing,
    clock: () => state.nowMs,
    log: recording.log,
    limits: { ...AUDIT_LIMITS, rowsPerSecond: Infinity, ...limits },
  };
  return { call: () => createAudit(deps)(POST), state, kept, lines: recording.lines, deps };
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** 100 orders, and 50 payments whose order has not come. */
const filled = async () => {
  const store = createMemoryStore();
  await acceptAll(
    store,
    ...numbers(100).map((id) => orderEntry(id, { orderId: BigInt(id) })),
    ...numbers(50).map((id) => paymentEntry(1_000 + id, { orderId: BigInt(200 + id) })),
  );
  return store;
};

/** An order and its payment that are both here but not joined. */
const unjoined = async () => {
  const store = createMemoryStore();
  await recordOnly(store, orderEntry(1), paymentEntry(2));
  return store;
};

const sumOf = (lines: readonly Readonly<Record<string, unknown>>[], field: string): number =>
  lines.reduce((sum, line) => sum + Number(line[field]), 0);

describe('a pass', () => {
  it('looks at small tables as a whole in each call, and says so in one line', async () => {
    const { call, lines } = setUp(await filled());

    expect(await call()).toEqual({ status: 200 });
    expect(await call()).toEqual({ status: 200 });

    const line = {
      severity: 'INFO',
      message: 'audit finished',
      outcome: 'clean',
      violations: 0,
      details: [],
      suspected: 0,
      suspected_details: [],
      rows: 200,
      orders: 100,
      payments: 50,
      unpaid: 100,
      parked: 50,
      findings: { conflict: 0, changed: 0, rivals: 0, too_many: 0 },
      open_dead_letters: 50,
      next_table: 'orders',
      pass_finished: true,
      pass_seconds: 0,
      missing_migrations: [],
    };
    expect(lines()).toEqual([expect.objectContaining(line), expect.objectContaining(line)]);
  });

  it('goes on where the last call stopped, and sees every row once', async () => {
    const { call, lines } = setUp(await filled(), { limits: { budgetMs: 0 } });

    const answers = [];
    for (let calls = 0; calls < 20; calls += 1) answers.push(await call());

    const last = lines().findIndex((line) => line.pass_finished === true);
    const pass = lines().slice(0, last + 1);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(pass.length).toBeGreaterThan(5);
    expect(sumOf(pass, 'orders')).toBe(100);
    expect(sumOf(pass, 'parked')).toBe(50);
    expect(sumOf(pass, 'open_dead_letters')).toBe(50);
    expect(new Set(pass.map((line) => line.next_table))).toEqual(new Set(['orders', 'dead_letters']));
  });

  it('has a line for each part, and no row is in two of them', async () => {
    const aSecondForEachRow: Options['wrap'] = (source, state) => ({
      ...source,
      scanOrders: async function* (after) {
        for await (const row of source.scanOrders(after)) {
          state.nowMs += 1_000;
          yield row;
        }
      },
    });
    const { call, lines } = setUp(await filled(), { wrap: aSecondForEachRow });

    await call();

    expect(lines().map((line) => line.rows)).toEqual([64, 64, 72]);
    expect(lines().map((line) => line.pass_finished)).toEqual([false, false, true]);
  });

  it('says for how long it has been running, over many calls', async () => {
    const { call, state, lines } = setUp(await filled(), { limits: { budgetMs: 0 } });

    await call();
    state.nowMs += 8 * 24 * HOUR_MS;
    await call();

    expect(lines().map((line) => line.pass_seconds)).toEqual([0, 8 * 24 * 3_600]);
  });

  it('comes further even when every call fails', async () => {
    const { call, state, lines } = setUp(await filled(), {
      wrap: (source) => ({
        ...source,
        scanOrders: async function* (after) {
          let rows = 0;
          for await (const row of source.scanOrders(after)) {
            rows += 1;
            if (rows > 40)
              throw new TransientError('the store did not answer', { cause: new Error('ECONNREFUSED') });
            yield row;
          }
        },
      }),
    });

    const first = await call();
    const behindFirst = state.cursor?.place;
    await call();

    expect(first).toEqual({ status: 503 });
    expect(behindFirst).toMatchObject({ table: 'orders' });
    expect(behindFirst?.after).toBeDefined();
    expect(state.cursor?.place).not.toEqual(behindFirst);
    expect(lines().map(({ message, rows }) => [message, rows])).toEqual([
      ['audit finished', 32],
      ['audit failed', undefined],
      ['audit finished', 32],
      ['audit failed', undefined],
    ]);
    expect(lines()[1]).toMatchObject({
      severity: 'WARNING',
      error: 'TransientError: the store did not answer',
      error_cause: 'Error: ECONNREFUSED',
    });
  });

  it('goes on inside a partition of dead letters that is too large for a call', async () => {
    const rows = numbers(1_000).map((number) =>
      deadLetterRow(number, { day: '2026-01-01', shard: 7, reason: 'invalid' }),
    );
    const places: unknown[] = [];
    const source: AuditSource = {
      ...rowsSource([]),
      scanDeadLetters: async function* (after) {
        places.push(after?.id);
        yield* rows.filter(({ id }) => after === undefined || id > after.id);
      },
    };
    const { call, lines } = setUp(source, { limits: { budgetMs: 0 } });

    for (let calls = 0; calls < 3; calls += 1) await call();

    expect(places).toEqual([undefined, stamp(7).eventId, stamp(15).eventId]);
    expect(lines().map((line) => line.rows)).toEqual([8, 8, 8]);
  });

  it('gives up at its deadline, and says what is wrong', async () => {
    const { call, lines } = setUp(await filled(), {
      wrap: (source, state) => ({
        ...source,
        scanOrders: async function* (after) {
          for await (const row of source.scanOrders(after)) {
            state.nowMs += 300_000;
            yield row;
          }
        },
      }),
    });

    expect(await call()).toEqual({ status: 503 });
    expect(lines()).toMatchObject([
      { message: 'audit failed', error: expect.stringContaining('out of time') },
    ]);
  });
});

describe('what it finds', () => {
  it('is in its line: findings with their orders, and what a decision has silenced is not', async () => {
    const store = createMemoryStore();
    await acceptAll(
      store,
      orderEntry(1),
      paymentEntry(2),
      paymentEntry(3, { paymentId: 7n }),
      orderEntry(10, { orderId: 2n }),
      paymentEntry(11, { orderId: 2n, paymentStatus: 'frozen' }),
      paymentEntry(12, { orderId: 2n, paymentStatus: 'frozen', cardLastFour: '9999' }),
      paymentEntry(20, { orderId: 3n }),
      decisionEntry(21, { orderId: 3n, decision: 'discarded', ref: stamp(20).eventId }),
    );
    const { call, lines } = setUp(store);

    await call();

    expect(lines()).toMatchObject([
      {
        outcome: 'clean',
        statuses: { succeeded: 1, unknown: 1 },
        parked: 0,
        oldest_parked_seconds: null,
        findings: { conflict: 1, changed: 1, rivals: 0, too_many: 0 },
        finding_order_ids: { conflict: ['1'], changed: ['2'], rivals: [], too_many: [] },
        unknown_status_words: ['frozen'],
        open_dead_letters: 2,
      },
    ]);
  });

  it('says how long the oldest payment has waited', async () => {
    const store = createMemoryStore();
    await acceptAll(store, paymentEntry(0), paymentEntry(1_000, { orderId: 2n }));
    const { call, lines } = setUp(store);

    await call();

    expect(lines()).toMatchObject([{ parked: 2, oldest_parked_seconds: 3_600 }]);
  });
});

describe('two looks', () => {
  it('are needed: the first only suspects, and no alert listens to that', async () => {
    const { call, kept, lines } = setUp(await unjoined());

    await call();

    expect(lines()).toMatchObject([
      {
        severity: 'INFO',
        outcome: 'suspected',
        violations: 0,
        suspected: 1,
        suspected_details: ['I3: order 1 and its payment 1001 are both here but not joined'],
      },
    ]);
    expect(kept).toMatchObject([{ firstSeenAtMs: NOW_MS, subject: { table: 'orders', orderId: 1n } }]);
  });

  it('tell a violation when they lie as far apart as a message may be on its way, and not before', async () => {
    const { call, state, lines } = setUp(await unjoined());

    await call();
    state.nowMs += IN_PROGRESS_MS - 1;
    await call();
    const early = lines().map((line) => line.violations);
    state.nowMs += 1;
    await call();

    expect(early).toEqual([0, 0]);
    expect(lines().slice(2)).toMatchObject([
      {
        severity: 'WARNING',
        outcome: 'violations',
        violations: 1,
        details: ['I3: order 1 and its payment 1001 are both here but not joined'],
        orders: 0,
      },
      { outcome: 'suspected', violations: 0, orders: 1 },
    ]);
  });

  it('are not told twice about the same first look', async () => {
    const { call, state, lines } = setUp(await unjoined());

    await call();
    state.nowMs += IN_PROGRESS_MS;
    await call();
    state.nowMs += 1;
    await call();

    expect(sumOf(lines(), 'violations')).toBe(1);
  });

  it('clear what a message on its way has made right, and what is wrong in another way by then', async () => {
    const store = await unjoined();
    await recordOnly(store, paymentEntry(12, { orderId: 2n }));
    const { call, state, lines } = setUp(store);

    await call();
    await acceptAll(store, paymentEntry(2));
    await recordOnly(store, orderEntry(11, { orderId: 2n }));
    state.nowMs += IN_PROGRESS_MS;
    await call();

    expect(lines().map((line) => line.violations)).toEqual([0, 0]);
    expect(lines()[1]).toMatchObject({ suspected: 1 });
  });

  it('tell of rows that are torn too, though no message is on its way that leaves that behind', async () => {
    const store = createMemoryStore();
    await acceptAll(store, orderEntry(1));
    store.tables.facts.write('1', { item: null }, 2n ** 60n);
    const { call, state, lines } = setUp(store);

    await call();
    state.nowMs += IN_PROGRESS_MS;
    await call();

    expect(lines().map((line) => line.violations)).toEqual([0, 1, 0]);
  });

  it('tell of payment columns that somebody writes again and again, each time at a new time', async () => {
    const store = createMemoryStore();
    await acceptAll(store, orderEntry(1), paymentEntry(2));
    const { call, state, lines } = setUp(store);
    const { paymentStatus } = paymentColumns();
    const overwrite = (): void =>
      store.tables.facts.write('1', { payment_status: paymentStatus }, BigInt(state.nowMs) * 1_000n);

    overwrite();
    await call();
    state.nowMs += IN_PROGRESS_MS;
    overwrite();
    await call();

    expect(lines()[1]).toMatchObject({
      violations: 1,
      details: [expect.stringMatching(/^I5: somebody else wrote the payment columns of order 1/)],
    });
  });

  it('tell of a dead letter whose event is not in the ledger', async () => {
    const { call, state, lines } = setUp(rowsSource([], [deadLetterRow(1)]));

    await call();
    state.nowMs += IN_PROGRESS_MS;
    await call();

    expect(lines()[1]).toMatchObject({ violations: 1, details: [expect.stringMatching(/^I1: event /)] });
  });

  it('do not suspect an order that came between the reads of its two tables', async () => {
    const store = await unjoined();
    const { call, kept, lines } = setUp(store, {
      wrap: (source) => ({
        ...source,
        scanOrders: async function* (after) {
          yield* await Array.fromAsync(source.scanOrders(after));
          await acceptAll(store, paymentEntry(2));
        },
      }),
    });

    await call();

    expect(lines()).toMatchObject([{ outcome: 'clean', suspected: 0 }]);
    expect(kept).toEqual([]);
  });

  it('are for a bounded number of suspicions in a call: the others are counted', async () => {
    const store = createMemoryStore();
    await recordOnly(store, ...numbers(1_100).map((id) => paymentEntry(id, { orderId: BigInt(id) })));
    const { call, kept, lines } = setUp(store);

    await call();

    expect(sumOf(lines(), 'suspected')).toBe(1_100);
    expect(kept).toHaveLength(1_000);
    expect(lines()[0]?.suspected_details).toHaveLength(10);
  });

  it('are told before the cursor is kept, for the platform may end the call in between', async () => {
    const { call, state, lines } = setUp(await unjoined(), { cursorWrites: 2 });

    await call();
    state.nowMs += IN_PROGRESS_MS;
    const result = await call();

    expect(result).toEqual({ status: 503 });
    expect(lines().slice(1)).toMatchObject([
      { outcome: 'violations', violations: 1, pass_finished: false },
      { outcome: 'suspected' },
      { message: 'audit failed' },
    ]);
  });

  it('leave the rest to the next call when they take half of its time', async () => {
    const store = createMemoryStore();
    await recordOnly(store, ...numbers(30).map((id) => paymentEntry(id, { orderId: BigInt(id) })));
    const { call, state, lines } = setUp(store, {
      limits: { budgetMs: 1_000 },
      // Every look at an order takes 50 ms.
      wrap: (source, clock) => ({
        ...source,
        findOrderRecord: async (orderId) => {
          clock.nowMs += 50;
          return source.findOrderRecord(orderId);
        },
      }),
    });
    await call();

    state.nowMs += IN_PROGRESS_MS + 1_000;
    await call();
    const first = sumOf(lines(), 'violations');
    await call();

    expect(first).toBe(16);
    expect(sumOf(lines(), 'violations')).toBeGreaterThanOrEqual(30);
  });
});

describe('the scheduled audit', () => {
  it('does not look at tables of another schema, and names what is missing', async () => {
    const { call, state, lines } = setUp(await filled(), { missing: ['0004_audit_cursor.cql'] });

    const result = await call();

    expect(result).toEqual({ status: 200 });
    expect(state.writes).toBe(0);
    expect(lines()).toMatchObject([
      { severity: 'WARNING', outcome: 'schema', missing_migrations: ['0004_audit_cursor.cql'] },
    ]);
  });

  it('is called with POST only', async () => {
    const { deps, lines } = setUp(await filled());

    expect(await createAudit(deps)({ method: 'GET' })).toEqual({ status: 405 });
    expect(lines()).toEqual([]);
  });
});

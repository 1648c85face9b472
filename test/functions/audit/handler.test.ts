import { describe, expect, it } from 'vitest';
import { type AuditDeps, createAudit } from '../../../functions/audit/handler.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AuditCursor } from '../../../shared/store/auditCursor.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/store.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';
import { deadLetterOf, deadLetterRow, orderRecord, rowsSource } from '../../support/messages/records.ts';
import { order, payment, PUBLISHED_AT_MS, stamp } from '../../../proof/referenceMessages.ts';

const SLICES = 4;
const POST = { method: 'POST' };

interface Options {
  readonly budgetMs?: number;
  readonly cursor?: AuditCursor;
  readonly missing?: readonly string[];
  /** What each slice holds; empty where nothing is said. */
  readonly sources?: Readonly<Record<number, AuditSource>>;
  readonly failAt?: number;
  /** The cursor with this next slice cannot be written. */
  readonly failWriteOf?: number;
  readonly tickMs?: number;
  /** A slice that moves the clock on while it is read. */
  readonly slowSource?: { readonly at: number; readonly of: (tick: () => void) => AuditSource };
}

/** More rows than a test waits for, each of which takes a second. */
const endless = async function* <T>(row: T, tick: () => void): AsyncGenerator<T> {
  for (let count = 0; count < 1_000; count += 1) {
    tick();
    yield row;
  }
};

/** When the calls begin. */
const NOW_MS = PUBLISHED_AT_MS + 3_600_000;

/** An order and a payment of it that are both here but not joined. */
const brokenOrder = async (orderId: bigint): Promise<AuditSource> => {
  const store = createMemoryStore();
  await store.recordOrder(order({ orderId }), stamp(1));
  await store.parkPayment(payment({ orderId }), stamp(2));
  return store;
};

/** A payment that has waited for so many hours when the calls begin. */
const parkedPayment = async (orderId: bigint, hours: number): Promise<AuditSource> => {
  const store = createMemoryStore();
  const waiting = { ...stamp(1), publishedAtMs: NOW_MS - hours * 3_600_000 };
  await store.parkPayment(payment({ orderId }), waiting);
  await store.recordDeadLetter(deadLetterOf(1, { orderId, ...waiting }));
  return store;
};

/** The audit over four slices, each of which takes a second of a clock that nothing else moves. */
const setUp = (options: Options = {}) => {
  const {
    budgetMs = 60_000,
    cursor,
    missing = [],
    sources = {},
    failAt,
    failWriteOf,
    tickMs = 1_000,
    slowSource,
  } = options;
  const recording = createRecordingLog();
  const looked: number[] = [];
  let kept = cursor;
  let now = NOW_MS;
  const tick = (): void => {
    now += tickMs;
  };
  const deps: AuditDeps = {
    sourceOf: ({ index, of }) => {
      expect(of).toBe(SLICES);
      looked.push(index);
      tick();
      if (index === failAt)
        throw new TransientError('the store did not answer', { cause: new Error('ECONNREFUSED') });
      if (index === slowSource?.at) return slowSource.of(tick);
      return sources[index] ?? createMemoryStore();
    },
    cursor: {
      read: async () => kept,
      write: async (next) => {
        if (next.nextSlice === failWriteOf) throw new TransientError('the cursor was not written');
        kept = next;
      },
    },
    findMissingMigrations: async () => missing,
    clock: () => now,
    log: recording.log,
    limits: { slices: SLICES, budgetMs, deadlineMs: 90_000, patienceMs: 0 },
  };
  return { answer: createAudit(deps), looked, kept: () => kept, lines: recording.lines };
};

describe('the scheduled audit', () => {
  it('looks at the whole ring in one call where there is time, and says so in one line', async () => {
    const { answer, looked, lines } = setUp();

    const result = await answer(POST);

    expect(result).toEqual({ status: 200 });
    expect(looked).toEqual([0, 1, 2, 3]);
    expect(lines()).toEqual([
      expect.objectContaining({
        severity: 'INFO',
        message: 'audit finished',
        outcome: 'clean',
        violations: 0,
        oldest_parked_seconds: null,
        slices: 4,
        next_slice: 0,
        pass_finished: true,
        pass_seconds: 4,
        missing_migrations: [],
      }),
    ]);
  });

  it('stops when its time is up, and goes on from there the next time', async () => {
    const { answer, looked, lines } = setUp({ budgetMs: 2_500 });

    await answer(POST);
    const first = [...looked];
    await answer(POST);

    expect(first).toEqual([0, 1, 2]);
    expect(looked).toEqual([0, 1, 2, 3]);
    expect(lines()).toMatchObject([
      { slices: 3, next_slice: 3, pass_finished: false },
      { slices: 1, next_slice: 0, pass_finished: true, pass_seconds: 4 },
    ]);
  });

  it('comes further even when every call fails half way, for each slice is kept when it is done', async () => {
    const { answer, looked, kept, lines } = setUp({ failAt: 2 });

    const result = await answer(POST);
    await answer(POST);

    expect(result).toEqual({ status: 503 });
    expect(looked).toEqual([0, 1, 2, 2]);
    expect(kept()).toMatchObject({ nextSlice: 2 });
    expect(lines()[1]).toMatchObject({
      severity: 'WARNING',
      message: 'audit failed',
      error: 'TransientError: the store did not answer',
      error_cause: 'Error: ECONNREFUSED',
    });
  });

  it.each([
    ['more slices, of which it is beyond these', { nextSlice: 900, slices: 1_024 }],
    ['more slices, of which it is not beyond these', { nextSlice: 3, slices: 16 }],
    ['fewer slices', { nextSlice: 1, slices: 2 }],
  ])('starts a pass again where the cursor is one of %s', async (_, cursor) => {
    const { answer, looked, kept } = setUp({ cursor: { ...cursor, passStartedAtMs: 1 } });

    await answer(POST);

    expect(looked).toEqual([0, 1, 2, 3]);
    expect(kept()).toEqual({ nextSlice: 0, slices: SLICES, passStartedAtMs: NOW_MS });
  });

  it('counts over its slices, and names what is broken and how long the oldest payment waits', async () => {
    const sources = { 1: await parkedPayment(7n, 1), 3: await brokenOrder(1n) };

    const { answer, lines } = setUp({ sources, tickMs: 0 });
    await answer(POST);

    const [line, ...others] = lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      severity: 'WARNING',
      outcome: 'violations',
      orders: 1,
      payments: 2,
      parked: 1,
      open_dead_letters: 1,
    });
    expect(line?.oldest_parked_seconds).toBeGreaterThanOrEqual(3_600);
    expect(line?.violations).toBeGreaterThan(0);
    expect(String(line?.details)).toContain('order 1 and its payment');
  });

  it('has named what is broken in one slice before another one fails, for the next call goes on behind both', async () => {
    const { answer, lines } = setUp({ sources: { 0: await brokenOrder(1n) }, failAt: 1 });

    await answer(POST);

    expect(lines()).toMatchObject([
      { message: 'audit finished', outcome: 'violations', slices: 1, next_slice: 1, orders: 1 },
      { message: 'audit failed' },
    ]);
    expect(String(lines()[0]?.details)).toContain('order 1 and its payment');
  });

  it('names what is broken before it keeps where it is, for the platform may end the call in between', async () => {
    const { answer, lines } = setUp({ sources: { 1: await brokenOrder(1n) }, failWriteOf: 2 });

    const result = await answer(POST);

    expect(result).toEqual({ status: 503 });
    expect(lines()).toMatchObject([
      { message: 'audit finished', outcome: 'violations', slices: 2 },
      { message: 'audit failed' },
    ]);
  });

  it('does not say of a slice that will be looked at again that it was looked at', async () => {
    const { answer, lines } = setUp({ failWriteOf: 1 });

    await answer(POST);

    expect(lines()).toMatchObject([{ message: 'audit failed' }]);
  });

  it('says of the slices before the one that failed what it would have said in the end', async () => {
    const { answer, lines } = setUp({ sources: { 0: await parkedPayment(7n, 0) }, failAt: 2 });

    await answer(POST);

    expect(lines()).toMatchObject([
      { message: 'audit finished', outcome: 'clean', slices: 2, parked: 1, next_slice: 2 },
      { message: 'audit failed' },
    ]);
  });

  it('counts nothing twice where a slice had a line of its own', async () => {
    const sources = { 0: await brokenOrder(1n), 2: await brokenOrder(2n) };
    const { answer, lines } = setUp({ sources });

    await answer(POST);

    expect(lines()).toMatchObject([
      { outcome: 'violations', slices: 1, orders: 1, next_slice: 1, pass_finished: false },
      { outcome: 'violations', slices: 2, orders: 1, next_slice: 3, pass_finished: false },
      { outcome: 'clean', slices: 1, orders: 0, next_slice: 0, pass_finished: true },
    ]);
  });

  it('has a line at once for a payment that waits longer, by an hour, than those before it', async () => {
    const sources = {
      0: await parkedPayment(7n, 2),
      1: await parkedPayment(8n, 2),
      2: await parkedPayment(9n, 5),
    };
    const { answer, lines } = setUp({ sources });

    await answer(POST);

    expect(lines()).toMatchObject([
      { outcome: 'clean', next_slice: 1, oldest_parked_seconds: 2 * 3_600 + 1 },
      { outcome: 'clean', next_slice: 3, oldest_parked_seconds: 5 * 3_600 + 3, parked: 2 },
      { outcome: 'clean', next_slice: 0, oldest_parked_seconds: null, pass_finished: true },
    ]);
  });

  it.each([
    ['orders', (tick: () => void) => ({ scanOrders: () => endless(orderRecord(), tick) })],
    ['dead letters', (tick: () => void) => ({ scanDeadLetters: () => endless(deadLetterRow(1), tick) })],
  ])(
    'gives a slice up whose %s are too many for a call, stays before it and says what to do',
    async (_, scan) => {
      const { answer, kept, lines } = setUp({
        slowSource: { at: 1, of: (tick) => ({ ...rowsSource([]), ...scan(tick) }) },
      });

      const result = await answer(POST);

      expect(result).toEqual({ status: 503 });
      expect(kept()).toMatchObject({ nextSlice: 1 });
      expect(lines()).toEqual([
        expect.objectContaining({ message: 'audit finished', slices: 1, next_slice: 1 }),
        expect.objectContaining({
          severity: 'WARNING',
          message: 'audit failed',
          outcome: 'slice_too_large',
          slice: 1,
          error: expect.stringMatching(/slice 1 of 4 .* Raise SLICES in functions\/audit\/limits\.ts/),
        }),
      ]);
    },
  );

  it('gives a slice up as well whose rows take too long to be looked up', async () => {
    const rows = Array.from({ length: 1_000 }, (_, id) => deadLetterRow(id, { orderId: BigInt(id) }));
    const { answer, kept, lines } = setUp({
      slowSource: {
        at: 0,
        of: (tick) => ({
          ...rowsSource([], rows),
          findOrderRecord: async (orderId) => {
            tick();
            return orderRecord({ orderId });
          },
        }),
      },
    });

    const result = await answer(POST);

    expect(result).toEqual({ status: 503 });
    expect(kept()).toBeUndefined();
    expect(lines()).toMatchObject([{ outcome: 'slice_too_large', slice: 0 }]);
  });

  it('does not look at tables of another schema, and names what is missing', async () => {
    const { answer, looked, lines } = setUp({ missing: ['0004_audit_cursor.cql'] });

    const result = await answer(POST);

    expect(result).toEqual({ status: 200 });
    expect(looked).toEqual([]);
    expect(lines()).toMatchObject([
      { severity: 'WARNING', outcome: 'schema', missing_migrations: ['0004_audit_cursor.cql'] },
    ]);
  });

  it('is called with POST only', async () => {
    const { answer, lines } = setUp();

    expect(await answer({ method: 'GET' })).toEqual({ status: 405 });
    expect(lines()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { type AuditDeps, createAudit } from '../../../functions/audit/handler.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AuditCursor } from '../../../shared/store/auditCursor.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/store.ts';
import { order, PUBLISHED_AT_MS, payment } from '../../support/builders.ts';
import { createRecordingLog } from '../../support/recordingLog.ts';
import { deadLetterOf, stamp } from '../../support/records.ts';

const SLICES = 4;
const POST = { method: 'POST' };

interface Options {
  readonly budgetMs?: number;
  readonly cursor?: AuditCursor;
  readonly missing?: readonly string[];
  /** What each slice holds; empty where nothing is said. */
  readonly sources?: Readonly<Record<number, AuditSource>>;
  readonly failAt?: number;
}

/** The audit over four slices, each of which takes a second of a clock that nothing else moves. */
const setUp = ({ budgetMs = 60_000, cursor, missing = [], sources = {}, failAt }: Options = {}) => {
  const recording = createRecordingLog();
  const looked: number[] = [];
  let kept = cursor;
  let now = PUBLISHED_AT_MS + 3_600_000;
  const deps: AuditDeps = {
    sourceOf: ({ index, of }) => {
      expect(of).toBe(SLICES);
      looked.push(index);
      now += 1_000;
      if (index === failAt)
        throw new TransientError('the store did not answer', { cause: new Error('ECONNREFUSED') });
      return sources[index] ?? createMemoryStore();
    },
    cursor: {
      read: async () => kept,
      write: async (next) => {
        kept = next;
      },
    },
    findMissingMigrations: async () => missing,
    clock: () => now,
    log: recording.log,
    limits: { slices: SLICES, budgetMs, patienceMs: 0 },
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
    expect(lines()[0]).toMatchObject({
      severity: 'WARNING',
      message: 'audit failed',
      error: 'TransientError: the store did not answer',
      error_cause: 'Error: ECONNREFUSED',
    });
  });

  it('starts a pass again where the cursor is one of another version', async () => {
    const { answer, looked } = setUp({ cursor: { nextSlice: 900, passStartedAtMs: 1 } });

    await answer(POST);

    expect(looked).toEqual([0, 1, 2, 3]);
  });

  it('counts over its slices, and names what is broken and how long the oldest payment waits', async () => {
    const broken = createMemoryStore();
    await broken.recordOrder(order({ orderId: 1n }), stamp(1));
    await broken.parkPayment(payment({ orderId: 1n }), stamp(2));
    const waiting = createMemoryStore();
    await waiting.parkPayment(payment({ orderId: 7n }), stamp(3));
    await waiting.recordDeadLetter(deadLetterOf(3, payment({ orderId: 7n })));

    const { answer, lines } = setUp({ sources: { 1: broken, 3: waiting } });
    await answer(POST);

    const [line] = lines();
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

import { describe, expect, it } from 'vitest';
import type { AuditLine, AuditPass } from '../../../console/cloud/readAuditPass.ts';
import { createCloudSums } from '../../../console/cloud/createCloudSums.ts';
import { until } from '../../../proof/until.ts';
import { auditLine } from '../../support/console/auditLine.ts';

const FINISHED_AT_MS = Date.parse('2026-01-01T09:50:00Z');

const sumsOf = async (readPass: () => Promise<AuditPass | undefined>) => {
  const source = createCloudSums({ readPass, clock: () => FINISHED_AT_MS });
  const sums = await until('the sums', () => source.version() > 0 && source.sums());
  await source.stop();
  return sums;
};

const pass = (lines: readonly AuditLine[], isCut = false): AuditPass => ({
  lines,
  finishedAtMs: FINISHED_AT_MS,
  isCut,
});

describe('the sums of the scheduled audit', () => {
  it('are those of all lines of its pass, with its time, and add up', async () => {
    const sums = await sumsOf(async () => pass([auditLine(), auditLine({ oldest_parked_seconds: 3_600 })]));

    expect(sums).toMatchObject({
      passAtMs: FINISHED_AT_MS,
      lost: null,
      violations: 0,
      waiting: { count: 4, oldestMs: FINISHED_AT_MS - 3_600_000 },
      findings: { open: 2, resolved: null },
      deadLetters: { total: null, open: 10 },
      needsPerson: [{ reason: 'conflict', open: 2 }],
      problem: null,
    });
    expect(sums.sums).toMatchObject([{ name: 'orders', total: 6, offBy: 0, why: null }]);
  });

  it('say since when the oldest payment waits, also when an early line of a long pass has seen it', async () => {
    const early = auditLine({ oldest_parked_seconds: 3_600, atMs: FINISHED_AT_MS - 7_200_000 });

    const { waiting } = await sumsOf(async () => pass([auditLine({ oldest_parked_seconds: 3_900 }), early]));
    const none = await sumsOf(async () => pass([auditLine({ parked: 0, oldest_parked_seconds: null })]));

    expect(waiting).toEqual({ count: 4, oldestMs: FINISHED_AT_MS - 10_800_000 });
    expect(none.waiting).toEqual({ count: 0, oldestMs: null });
  });

  it('say by how much they are off', async () => {
    const sums = await sumsOf(async () => pass([auditLine({ orders: 5 })]));

    expect(sums.sums[0]).toMatchObject({ offBy: 2, why: '2 are in no line above' });
  });

  it('do not say that they add up when the pass is not known as a whole', async () => {
    const sums = await sumsOf(async () => pass([auditLine()], true));

    expect(sums.sums[0]).toMatchObject({ offBy: null, why: expect.stringContaining('more log lines') });
    expect(sums.violations).toBeNull();
    const broken = await sumsOf(async () => pass([auditLine({ violations: 2 })], true));
    expect(broken).toMatchObject({ violations: 2, areViolationsCut: true });
  });

  it('say when there is no pass, and why it cannot be read', async () => {
    expect((await sumsOf(async () => undefined)).problem).toContain('no pass of the scheduled audit');
    expect((await sumsOf(() => Promise.reject(new Error('logging answered 403')))).problem).toBe(
      'logging answered 403',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { untilAsExpected } from '../../cli/untilAsExpected.ts';
import { type AuditReport, audit } from '../../shared/audit/audit.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';

/** Reports of a run of which so many sentences are not true yet, one look after the other. */
const looksWith = async (unmet: readonly number[]) => {
  const report = await audit(createMemoryStore());
  const looks = { taken: 0 };
  const look = async (): Promise<AuditReport> => {
    const count = unmet[looks.taken] ?? unmet.at(-1) ?? 0;
    looks.taken += 1;
    return { ...report, expectation: { lost: count, unmet: Array.from({ length: count }, () => 'lost: …') } };
  };
  return { look, looks };
};

const unmetOf = ({ expectation }: AuditReport): number | undefined => expectation?.unmet.length;

describe('untilAsExpected', () => {
  it('looks once when everything is as expected', async () => {
    const { look, looks } = await looksWith([0]);

    const report = await untilAsExpected(look, { patienceMs: 600_000 });

    expect(unmetOf(report)).toBe(0);
    expect(looks.taken).toBe(1);
  });

  it('looks once without an expectation', async () => {
    const report = await audit(createMemoryStore());

    expect(await untilAsExpected(async () => report, { patienceMs: 600_000 })).toBe(report);
  });

  it('looks until everything is as expected, and says how much is not', async () => {
    const { look } = await looksWith([3, 3, 1, 2, 0]);
    const seen: number[] = [];

    const report = await untilAsExpected(look, {
      patienceMs: 600_000,
      lookEveryMs: 1,
      onUnmet: (unmet) => seen.push(unmet),
    });

    expect(unmetOf(report)).toBe(0);
    expect(seen).toEqual([3, 3, 1, 2]);
  });

  it('gives up when nothing more comes true', async () => {
    const { look } = await looksWith([3, 2]);

    expect(unmetOf(await untilAsExpected(look, { patienceMs: 20, lookEveryMs: 1 }))).toBe(2);
  });

  it('gives up when what came true does not stay so', async () => {
    const { look } = await looksWith([1, 2, 1, 2, 1, 2, 1]);

    expect(unmetOf(await untilAsExpected(look, { patienceMs: 20, lookEveryMs: 1 }))).toBeGreaterThan(0);
  });

  it('with no patience looks once', async () => {
    const { look, looks } = await looksWith([3]);

    await untilAsExpected(look, { patienceMs: 0 });

    expect(looks.taken).toBe(1);
  });
});

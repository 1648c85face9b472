import { setTimeout as delay } from 'node:timers/promises';
import type { AuditReport } from '../shared/audit/audit.ts';

interface WaitOptions {
  /** The wait ends when nothing new has come true for this long; 0 looks once. */
  readonly patienceMs: number;
  /** Default 1,000 ms. */
  readonly lookEveryMs?: number;
  /** Called with the number of sentences that are not true yet. */
  readonly onUnmet?: (unmet: number) => void;
}

/**
 * Audits again and again, because the messages of a run may still be on their way. It always ends: in each
 * round either more of the expectation has come true, or patience runs out.
 * @returns the last report, whether all is as expected or not.
 */
export const untilAsExpected = async (
  look: () => Promise<AuditReport>,
  { patienceMs, lookEveryMs = 1_000, onUnmet = () => {} }: WaitOptions,
): Promise<AuditReport> => {
  let report = await look();
  let fewest = unmetOf(report);
  let patienceEndsAt = performance.now() + patienceMs;
  while (unmetOf(report) > 0 && performance.now() < patienceEndsAt) {
    onUnmet(unmetOf(report));
    await delay(lookEveryMs);
    report = await look();
    if (unmetOf(report) >= fewest) continue;
    fewest = unmetOf(report);
    patienceEndsAt = performance.now() + patienceMs;
  }
  return report;
};

const unmetOf = ({ expectation }: AuditReport): number => expectation?.unmet.length ?? 0;

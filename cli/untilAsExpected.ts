import { setTimeout as delay } from 'node:timers/promises';
import type { AuditReport } from '../shared/audit/audit.ts';

export interface WaitOptions {
  /** The wait ends when this long nothing more has come true; 0 looks once. */
  readonly patienceMs: number;
  /** Default 1,000 ms. */
  readonly lookEveryMs?: number;
  /** Called with the number of sentences that are not true yet. */
  readonly onUnmet?: (unmet: number) => void;
}

/**
 * Audits again while an expectation comes true bit by bit, for the messages of a run may still be on their way. It is bounded:
 * each round either leaves fewer sentences to come true, or uses up patience.
 * @returns the last report: as expected, or what patience ended with.
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

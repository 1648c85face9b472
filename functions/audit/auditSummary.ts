import type { AuditReport } from '../../shared/audit/audit.ts';
import { DETAILS_MAX } from './limits.ts';

/** The sum over the slices of one part. */
export interface AuditSummary {
  readonly slices: number;
  readonly orders: number;
  readonly payments: number;
  readonly parked: number;
  /** Undefined when nothing is parked. */
  readonly oldestParkedSeconds: number | undefined;
  readonly openDeadLetters: number;
  readonly violations: number;
  /** The first `DETAILS_MAX` violations, one sentence each. */
  readonly details: readonly string[];
}

export const EMPTY_SUMMARY: AuditSummary = {
  slices: 0,
  orders: 0,
  payments: 0,
  parked: 0,
  oldestParkedSeconds: undefined,
  openDeadLetters: 0,
  violations: 0,
  details: [],
};

/** Adds the report of one more slice. */
export const addReport = (summary: AuditSummary, report: AuditReport): AuditSummary => {
  const ages = [summary.oldestParkedSeconds, report.oldestParkedSeconds].filter((age) => age !== undefined);
  const sentences = report.violations.map(({ invariant, detail }) => `${invariant}: ${detail}`);
  return {
    slices: summary.slices + 1,
    orders: summary.orders + report.orders,
    payments: summary.payments + report.payments,
    parked: summary.parked + report.parked,
    oldestParkedSeconds: ages.length === 0 ? undefined : Math.max(...ages),
    openDeadLetters: summary.openDeadLetters + report.openDeadLetters,
    violations: summary.violations + report.violationCount,
    details: [...summary.details, ...sentences].slice(0, DETAILS_MAX),
  };
};

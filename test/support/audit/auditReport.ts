import type { AuditReport } from '../../../shared/audit/audit.ts';

/** What the audit counts in empty tables. */
export const EMPTY_COUNTS = {
  orders: 0,
  statuses: { succeeded: 0, refunded: 0, pending: 0, unknown: 0, failed: 0 },
  paid: 0,
  unpaid: 0,
  payments: 0,
  matched: 0,
  parked: 0,
  discarded: 0,
  parkedPayments: [],
  oldestParkedSeconds: undefined,
  findings: { conflict: 0, changed: 0, rivals: 0, too_many: 0 },
  findingOrderIds: { conflict: [], changed: [], rivals: [], too_many: [] },
  repeats: 0,
  reused: 0,
  reusedOrderIds: [],
  refundedApart: 0,
  clocksRefused: 0,
  cut: 0,
  cutOrderIds: [],
  unknownStatusWords: [],
  deadLetters: { invalid: 0, unmatched: 0, conflict: 0, changed: 0, rivals: 0, too_many: 0 },
  openDeadLetters: 0,
  ids: {
    succeeded: [],
    refunded: [],
    pending: [],
    unknown: [],
    failed: [],
    unpaid: [],
    discarded: [],
    refundedApart: [],
    clocksRefused: [],
  },
} as const satisfies Partial<AuditReport>;

/** What the audit reports where no promise is broken. */
export const CLEAN = {
  violationCount: 0,
  violations: [],
  suspectedCount: 0,
  suspected: [],
  expectation: undefined,
} as const satisfies Partial<AuditReport>;

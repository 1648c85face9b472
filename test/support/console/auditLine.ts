import type { AuditLine } from '../../../console/cloud/readAuditPass.ts';

/** A log line of the scheduled audit, about three orders. */
export const auditLine = (changes: Partial<AuditLine> = {}): AuditLine => ({
  violations: 0,
  orders: 3,
  payments: 4,
  unpaid: 1,
  parked: 2,
  statuses: { succeeded: 1, refunded: 0, pending: 1, failed: 0, unknown: 0 },
  findings: { conflict: 1, changed: 0, rivals: 0, too_many: 0 },
  open_dead_letters: 5,
  oldest_parked_seconds: 60,
  pass_finished: false,
  pass_seconds: 3_600,
  atMs: Date.parse('2026-01-01T09:50:00Z'),
  ...changes,
});

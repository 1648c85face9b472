import type { Expectation } from '../../../shared/audit/expectation.ts';

/** What must be in the tables when nothing was sent. */
export const NOTHING_EXPECTED: Expectation = {
  matched: [],
  parked: [],
  unpaid: [],
  conflicts: [],
  changed: [],
  rivals: [],
  shows: [],
  invalid: [],
};

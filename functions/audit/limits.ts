import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';
import { AUDIT_BUDGET_MS, AUDIT_DEADLINE_MS } from '../../shared/deadlines.ts';

/**
 * The audit reads no more rows than this in a second, so that it leaves the cluster to the traffic. Two cores
 * that also ran Cassandra read 5,500 orders a second when nothing held the audit back.
 */
const ROWS_PER_SECOND_MAX = 5_000;
/** After this time, a part ends: the audit writes its line and keeps where it is. */
const PART_MS = 60_000;
/**
 * A call remembers at most this many suspicions for a second look. More are counted, and the next pass finds
 * them again. So an outage that leaves a million orders half done does not fill a table.
 */
export const SUSPICIONS_KEPT_MAX = 1_000;
/** A log line gives at most this many sentences, words or ids of a kind. It always counts all of them. */
export const DETAILS_MAX = 10;

/** The limits of one call. They are a parameter, so that a test can set smaller ones. */
export interface AuditLimits {
  readonly budgetMs: number;
  readonly deadlineMs: number;
  readonly partMs: number;
  readonly rowsPerSecond: number;
  /** Two looks that lie so far apart tell what is broken. */
  readonly inProgressMs: number;
}

export const AUDIT_LIMITS: AuditLimits = {
  budgetMs: AUDIT_BUDGET_MS,
  deadlineMs: AUDIT_DEADLINE_MS,
  partMs: PART_MS,
  rowsPerSecond: ROWS_PER_SECOND_MAX,
  inProgressMs: IN_PROGRESS_MAX_MS,
};

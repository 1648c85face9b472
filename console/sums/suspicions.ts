import type { Suspicion } from '../../shared/audit/look.ts';
import { judge } from '../../shared/audit/violation.ts';
import type { AuditSubject } from '../../shared/store/auditSource.ts';
import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';

/** So many subjects are looked at again in a pass, and so many sentences are kept for the next one. */
export const SUSPECTED_MAX = 10_000;

/**
 * Tells what is broken from what a message on its way may still make right, as the audit does: by two looks.
 * The audit waits as long as any message may be on its way. Pub/Sub itself knows better here: when all that
 * was published before the first look has been acked, nothing can make it right any more.
 */
export const createSuspicions = () => {
  /** When each sentence was seen first. */
  let suspected: ReadonlyMap<string, number> = new Map();
  return {
    /** @param settledUpToMs before the pass, everything was acked that was published before this moment. */
    beginPass: (settledUpToMs: number) => {
      const next = new Map<string, number>();
      let [violations, open] = [0, 0];
      let isCut = false;
      return {
        add: ({ subject, violations: seen }: Suspicion, seenAtMs: number): void => {
          for (const violation of seen) {
            const key = `${keyOf(subject)} ${violation.detail}`;
            const knownSinceMs = suspected.get(key);
            const firstSeenAtMs = knownSinceMs ?? seenAtMs;
            const { broken } = judge({
              first: knownSinceMs === undefined ? [] : [violation],
              last: [violation],
              apartMs: seenAtMs - firstSeenAtMs,
              inProgressMs: settledUpToMs > firstSeenAtMs ? 0 : IN_PROGRESS_MAX_MS,
            });
            violations += broken.length;
            open += 1 - broken.length;
            if (!violation.mayBeInProgress) continue;
            if (next.size < SUSPECTED_MAX) next.set(key, firstSeenAtMs);
            else isCut = true;
          }
        },
        /**
         * Forgets what the pass has not found.
         * @returns how many promises are broken, how many may still be kept, and whether there were more than
         * are kept. Then some of those that may be kept may be broken.
         */
        end: () => {
          suspected = next;
          return { violations, suspected: open, isCut };
        },
      };
    },
  };
};

const keyOf = (subject: AuditSubject): string =>
  subject.table === 'orders'
    ? String(subject.orderId)
    : [
        subject.deadLetter.day,
        subject.deadLetter.shard,
        subject.deadLetter.id,
        subject.deadLetter.reason,
      ].join('/');

import type { Suspicion } from '../../shared/audit/look.ts';
import { judge } from '../../shared/audit/violation.ts';
import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';

/** More than these are found again by the next pass. */
const SUSPICIONS_KEPT_MAX = 1_000;

interface Suspected {
  readonly firstSeenAtMs: number;
  readonly first: Suspicion['violations'];
}

/**
 * Tells what is broken from what a message on its way may still make right, as the audit does: by two looks.
 * The audit waits as long as any message may be on its way. Pub/Sub itself knows better here: when all that
 * was published before the first look has been acked, nothing can make it right any more.
 */
export const createSuspicions = () => {
  let suspected = new Map<string, Suspected>();
  return {
    /**
     * Takes what one pass has found, and forgets what it has not.
     * @param settledUpToMs before the pass, everything was acked that was published before this moment.
     * @returns how many promises are broken, and how many may still be kept.
     */
    judge: (found: readonly Suspicion[], settledUpToMs: number, nowMs: number) => {
      const next = new Map<string, Suspected>();
      let [violations, open] = [0, 0];
      for (const suspicion of found) {
        const key = keyOf(suspicion);
        const { firstSeenAtMs, first } = suspected.get(key) ?? {
          firstSeenAtMs: nowMs,
          first: suspicion.violations,
        };
        const isSecond = suspected.has(key);
        const { broken, suspected: undecided } = judge({
          first,
          last: suspicion.violations,
          apartMs: isSecond ? nowMs - firstSeenAtMs : 0,
          inProgressMs: isSecond && settledUpToMs > firstSeenAtMs ? 0 : IN_PROGRESS_MAX_MS,
        });
        violations += broken.length;
        open += undecided.length;
        if (next.size < SUSPICIONS_KEPT_MAX) next.set(key, { firstSeenAtMs, first });
      }
      suspected = next;
      return { violations, suspected: open };
    },
  };
};

const keyOf = ({ subject }: Suspicion): string =>
  subject.table === 'orders'
    ? String(subject.orderId)
    : [
        subject.deadLetter.day,
        subject.deadLetter.shard,
        subject.deadLetter.id,
        subject.deadLetter.reason,
      ].join('/');

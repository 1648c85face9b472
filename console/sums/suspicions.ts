import type { Suspicion } from '../../shared/audit/look.ts';
import { judge } from '../../shared/audit/violation.ts';
import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';

/** Of so many it is kept what was seen. Of the others it is kept that something was. */
const DETAILS_KEPT_MAX = 1_000;

interface Suspected {
  readonly firstSeenAtMs: number;
  readonly first: Suspicion['violations'] | undefined;
}

/**
 * Tells what is broken from what a message on its way may still make right, as the audit does: by two looks.
 * The audit waits as long as any message may be on its way. Pub/Sub itself knows better here: when all that
 * was published before the first look has been acked, nothing can make it right any more.
 */
export const createSuspicions = () => {
  let suspected = new Map<string, Suspected>();
  return {
    /** @param settledUpToMs before the pass, everything was acked that was published before this moment. */
    beginPass: (settledUpToMs: number) => {
      const next = new Map<string, Suspected>();
      let [violations, open] = [0, 0];
      return {
        add: (suspicion: Suspicion, seenAtMs: number): void => {
          const key = keyOf(suspicion);
          const last = suspicion.violations;
          const known = suspected.get(key);
          const { firstSeenAtMs, first } = known ?? { firstSeenAtMs: seenAtMs, first: last };
          const { broken, suspected: undecided } = judge({
            first: first ?? last,
            last,
            apartMs: seenAtMs - firstSeenAtMs,
            inProgressMs: known !== undefined && settledUpToMs > firstSeenAtMs ? 0 : IN_PROGRESS_MAX_MS,
          });
          violations += broken.length;
          open += undecided.length;
          next.set(key, { firstSeenAtMs, first: next.size < DETAILS_KEPT_MAX ? first : undefined });
        },
        /**
         * Forgets what the pass has not found.
         * @returns how many promises are broken, and how many may still be kept.
         */
        end: () => {
          suspected = next;
          return { violations, suspected: open };
        },
      };
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

import type { Random } from '../../functions/simulate/random.ts';

/** All kinds of faults of the simulated world. `docs/guarantees.md` says what each stands for. */
export const FAULT_KINDS = [
  // Pub/Sub
  'duplicate-delivery',
  'late-delivery',
  'lost-ack',
  'double-forward',
  'publish-refused',
  'publish-unconfirmed',
  'publish-twice',
  // Functions
  'crash',
  'clock-skew',
  // Cassandra
  'replica-outage',
  'lost-mutation',
  'slow-replica',
  'lost-answer',
  'slow-answer',
  'lost-connection',
  'short-page',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** From this time on no fault strikes, so that every message is acked in the end. */
export const FAULTS_END_MS = 60_000;

/** How often a kind strikes. In most runs some kinds never strike, so that one kind does not hide another. */
const SHARES: readonly [number, ...number[]] = [0, 0, 0, 0, 0, 0, 0.005, 0.02, 0.06, 0.2];

export interface Faults {
  /**
   * Whether this fault strikes now. It always draws from `random`, so a kind that is not allowed changes
   * nothing else.
   */
  readonly strikes: (kind: FaultKind, random: Random) => boolean;
  /** The strikes so far. */
  readonly struck: () => Strikes;
}

/** How often each kind struck. A kind that never struck is left out. */
export type Strikes = ReadonlyMap<FaultKind, number>;

/** Adds the strikes of one run to a total. */
export const addStrikes = (total: Map<FaultKind, number>, strikes: Strikes): void => {
  for (const [kind, count] of strikes) total.set(kind, (total.get(kind) ?? 0) + count);
};

export const countStrikes = (strikes: Strikes): number => {
  let count = 0;
  for (const ofKind of strikes.values()) count += ofKind;
  return count;
};

/**
 * @param random draws the share of each kind for this run.
 * @param allowed the kinds that may strike.
 */
export const createFaults = (
  random: Random,
  allowed: ReadonlySet<FaultKind>,
  nowMs: () => number,
): Faults => {
  const shares = new Map(FAULT_KINDS.map((kind) => [kind, random.pick(SHARES)]));
  const struck = new Map<FaultKind, number>();
  return {
    strikes: (kind, from) => {
      const isDrawn = from.next() < (shares.get(kind) ?? 0);
      if (!isDrawn || !allowed.has(kind) || nowMs() >= FAULTS_END_MS) return false;
      struck.set(kind, (struck.get(kind) ?? 0) + 1);
      return true;
    },
    struck: () => struck,
  };
};

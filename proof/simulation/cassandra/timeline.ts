import type { Random } from '../../../functions/simulate/random.ts';
import { FAULTS_END_MS, type Faults } from '../faults.ts';

export const REPLICAS = 3;
/** Cassandra's `write_request_timeout` and `read_request_timeout`. */
const SERVER_TIMEOUT_MS = { write: 2_000, read: 5_000 } as const;
const LATENCY_MS = { min: 1, max: 9 } as const;
/** Some legs take longer, as on any network, so that other legs can come in between. This is not a fault. */
const LONGER = { share: 0.15, maxMs: 90 } as const;
const SLOW_MS = { min: 100, max: 15_000 } as const;
const HINT_MS = { min: 10, max: 30_000 } as const;
const HINTED_SHARE = 0.5;
const OUTAGES_MAX = 4;

/** A time in which a replica is down and loses what reaches it, or is frozen and answers afterwards. */
export interface Outage {
  readonly replica: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isFrozen: boolean;
}

/**
 * What one replica does with one statement: when it applies it, and when its answer is back; undefined for
 * never.
 */
interface Leg {
  readonly replica: number;
  readonly appliesAtMs: number | undefined;
  readonly answersAtMs: number | undefined;
}

/** What happens to one statement at the replicas. */
export type Timeline =
  | { readonly kind: 'unavailable' }
  | {
      readonly kind: 'sent';
      readonly legs: readonly Leg[];
      /** The legs whose answers make the result, in the order of their answers. */
      readonly answered: readonly Leg[];
      /**
       * When the coordinator has enough answers; undefined when it gives up before that, after `timeoutMs`.
       */
      readonly enoughAtMs: number | undefined;
      readonly timeoutMs: number;
    };

/** Draws the outages of a run before it begins. Two of them may overlap, on one replica or on two. */
export const drawOutages = (random: Random, faults: Faults): readonly Outage[] => {
  const outages: Outage[] = [];
  for (let nth = 0; nth < OUTAGES_MAX; nth += 1) {
    const replica = random.integer(0, REPLICAS - 1);
    const fromMs = random.integer(0, 8_000);
    const toMs = Math.min(fromMs + random.integer(10, 20_000), FAULTS_END_MS);
    const isFrozen = random.chance(0.4);
    if (faults.strikes('replica-outage', random)) outages.push({ replica, fromMs, toMs, isFrozen });
  }
  return outages;
};

interface StatementCall {
  readonly kind: 'write' | 'read';
  readonly nowMs: number;
  /** How many replicas must answer. */
  readonly blockFor: number;
  readonly random: Random;
  readonly faults: Faults;
  readonly outages: readonly Outage[];
}

/** Draws what happens to a statement. Reads and writes go to all replicas, and the first answers count. */
export const drawTimeline = (call: StatementCall): Timeline => {
  const { kind, nowMs, blockFor, outages } = call;
  const legs: Leg[] = [];
  let up = 0;
  for (let replica = 0; replica < REPLICAS; replica += 1) {
    if (outageAt(outages, replica, nowMs)?.isFrozen !== false) up += 1;
    legs.push(drawLeg(call, replica));
  }
  // The coordinator knows which replicas are down. If too few are up, it sends nothing.
  if (up < blockFor) return { kind: 'unavailable' };

  const timeoutMs = SERVER_TIMEOUT_MS[kind];
  const answered = legs
    .filter(({ answersAtMs }) => answersAtMs !== undefined && answersAtMs <= nowMs + timeoutMs)
    .toSorted((a, b) => (a.answersAtMs ?? 0) - (b.answersAtMs ?? 0))
    .slice(0, blockFor);
  const enoughAtMs = answered.length < blockFor ? undefined : answered.at(-1)?.answersAtMs;
  return { kind: 'sent', legs, answered, enoughAtMs, timeoutMs };
};

const drawLeg = ({ nowMs, random, faults, outages }: StatementCall, replica: number): Leg => {
  const backMs = random.integer(LATENCY_MS.min, LATENCY_MS.max);
  const slowMs = random.integer(SLOW_MS.min, SLOW_MS.max);
  const hintMs = random.integer(HINT_MS.min, HINT_MS.max);
  const isHinted = random.chance(HINTED_SHARE);
  const isSlow = faults.strikes('slow-replica', random);
  const isLost = faults.strikes('lost-mutation', random);
  const wayMs = random.integer(LATENCY_MS.min, random.chance(LONGER.share) ? LONGER.maxMs : LATENCY_MS.max);
  const arrivesAtMs = nowMs + wayMs + (isSlow ? slowMs : 0);
  const outage = outageAt(outages, replica, arrivesAtMs);
  if (isLost || outage?.isFrozen === false) {
    const hintedAtMs = Math.max(arrivesAtMs, outage?.toMs ?? 0) + hintMs;
    return { replica, appliesAtMs: isHinted ? hintedAtMs : undefined, answersAtMs: undefined };
  }
  const appliesAtMs = outage === undefined ? arrivesAtMs : outage.toMs + backMs;
  return { replica, appliesAtMs, answersAtMs: appliesAtMs + backMs };
};

const outageAt = (outages: readonly Outage[], replica: number, atMs: number): Outage | undefined => {
  for (const outage of outages) {
    if (outage.replica === replica && atMs >= outage.fromMs && atMs < outage.toMs) return outage;
  }
  return undefined;
};

import type { History, Notice } from '../contract.ts';

/** A store that failed for so long, and never answered in between, is away. One slow statement is not. */
const AWAY_AFTER_MS = 2_000;
/** Charts show five minutes, so older ones are forgotten. */
const KEPT_MAX = 50;

/** Tells an outage from single errors, by what the functions and the audit say of the store. */
interface Outages {
  readonly failed: (nowMs: number) => void;
  readonly answered: (nowMs: number) => void;
  /** Undefined: the store is not away. */
  readonly notice: (nowMs: number) => Notice | undefined;
  readonly since: (sinceMs: number, nowMs: number) => History['outages'];
}

export const createOutages = (): Outages => {
  const past: { fromMs: number; toMs: number }[] = [];
  let failingSinceMs: number | undefined;
  const isAway = (nowMs: number): boolean =>
    failingSinceMs !== undefined && nowMs - failingSinceMs >= AWAY_AFTER_MS;
  return {
    failed: (nowMs) => {
      failingSinceMs ??= nowMs;
    },
    answered: (nowMs) => {
      if (failingSinceMs !== undefined && isAway(nowMs)) {
        past.push({ fromMs: failingSinceMs, toMs: nowMs });
        if (past.length > KEPT_MAX) past.shift();
      }
      failingSinceMs = undefined;
    },
    notice: (nowMs) =>
      failingSinceMs === undefined || !isAway(nowMs)
        ? undefined
        : {
            kind: 'cassandra',
            sinceMs: failingSinceMs,
            text: 'Every delivery is answered 503 and comes again; Pub/Sub keeps each message for 7 days.',
          },
    since: (sinceMs, nowMs) => [
      ...past
        .filter(({ toMs }) => toMs >= sinceMs)
        .map(({ fromMs, toMs }) => ({
          fromMs,
          toMs,
          text: `Cassandra did not answer, ${Math.round((toMs - fromMs) / 1_000)} s`,
        })),
      ...(failingSinceMs === undefined || !isAway(nowMs)
        ? []
        : [{ fromMs: failingSinceMs, toMs: null, text: 'Cassandra does not answer' }]),
    ],
  };
};

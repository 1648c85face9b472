import type { MessageAttempt } from '../../../contract.ts';

/** One attempt on the axis of all: where its bar and its backoff begin, and how long they are, in percent. */
interface AttemptBar {
  readonly left: number;
  readonly width: number;
  /** Undefined when there is no backoff. */
  readonly gap: { readonly left: number; readonly width: number } | undefined;
}

/**
 * Puts attempts on one axis, from the first one's begin to the last one's end, or to the next attempt.
 * Percent, rounded to a tenth, so that a drawn axis changes only when something is to be seen. Pure.
 * @param nowMs where an attempt ends that is under way.
 */
export const attemptsAxis = (attempts: readonly MessageAttempt[], nowMs: number): readonly AttemptBar[] => {
  const fromMs = attempts[0]?.startedAtMs ?? nowMs;
  const ends = attempts.map((attempt) => endOf(attempt, nowMs) + (attempt.backoffMs ?? 0));
  const spanMs = Math.max(1, Math.max(...ends, fromMs) - fromMs);
  const share = (ms: number): number => Math.round((ms / spanMs) * 1_000) / 10;
  return attempts.map((attempt) => {
    const endMs = endOf(attempt, nowMs);
    const { startedAtMs, backoffMs } = attempt;
    return {
      left: share(startedAtMs - fromMs),
      width: share(endMs - startedAtMs),
      gap: backoffMs === null ? undefined : { left: share(endMs - fromMs), width: share(backoffMs) },
    };
  });
};

const endOf = ({ startedAtMs, endedAtMs }: MessageAttempt, nowMs: number): number =>
  Math.max(startedAtMs, endedAtMs ?? nowMs);

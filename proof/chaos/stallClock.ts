export interface Stall {
  readonly seconds: number;
  /** After the traffic began. */
  readonly endedAtSeconds: number;
}

interface StallClock {
  readonly waiting: () => void;
  readonly acked: (isAnyLeft: boolean) => void;
  readonly longest: () => Stall;
}

/**
 * The longest time without any ack while messages were waiting for one.
 * @param now milliseconds that never go back; 0 is the beginning.
 */
export const createStallClock = (now: () => number): StallClock => {
  /** When the present wait began: with the last ack, or with a message that came when none was left. */
  let since: number | undefined;
  let longest: Stall = { seconds: 0, endedAtSeconds: 0 };
  const lookAt = (endMs: number): void => {
    const seconds = since === undefined ? 0 : (endMs - since) / 1000;
    if (seconds > longest.seconds) longest = { seconds, endedAtSeconds: endMs / 1000 };
  };
  return {
    waiting: () => {
      since ??= now();
    },
    acked: (isAnyLeft) => {
      const nowMs = now();
      lookAt(nowMs);
      since = isAnyLeft ? nowMs : undefined;
    },
    longest: () => {
      lookAt(now());
      return longest;
    },
  };
};

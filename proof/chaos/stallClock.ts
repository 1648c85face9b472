export interface Stall {
  readonly seconds: number;
  /** Seconds after the traffic began. */
  readonly endedAtSeconds: number;
}

interface StallClock {
  readonly waiting: () => void;
  readonly acked: (isAnyLeft: boolean) => void;
  readonly longest: () => Stall;
}

/**
 * Measures the longest time without an ack while messages were waiting for one.
 * @param now the time in milliseconds; 0 is when the traffic begins. It never goes back.
 */
export const createStallClock = (now: () => number): StallClock => {
  /** When the present wait began: at the last ack, or when a message came after a time without messages. */
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

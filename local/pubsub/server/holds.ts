import type { OwedMessage } from './owedMessage.ts';

/** The messages that wait for a time: for their backoff, for a fault's delay, for their dead-letter topic. */
export interface Holds {
  /** Calls `then` once after the wait, unless the message is released before. */
  readonly hold: (owed: OwedMessage, waitMs: number, then: () => void) => void;
  /** Ends the wait of one message without its `then`. False: it does not wait. */
  readonly release: (owed: OwedMessage) => boolean;
  /**
   * Ends the waits of some messages without their `then`.
   * @returns those messages.
   */
  readonly removeWhere: (isMeant: (owed: OwedMessage) => boolean) => OwedMessage[];
  readonly all: () => OwedMessage[];
  readonly count: () => number;
  /** Ends all waits without their `then`. No timer is left. */
  readonly clear: () => void;
}

export const createHolds = (): Holds => {
  const timers = new Map<OwedMessage, NodeJS.Timeout>();
  const release = (owed: OwedMessage): boolean => {
    clearTimeout(timers.get(owed));
    return timers.delete(owed);
  };
  return {
    hold: (owed, waitMs, then) => {
      const timer = setTimeout(() => {
        timers.delete(owed);
        then();
      }, waitMs);
      timers.set(owed, timer);
    },
    release,
    removeWhere: (isMeant) => {
      const meant = [...timers.keys()].filter(isMeant);
      for (const owed of meant) release(owed);
      return meant;
    },
    all: () => [...timers.keys()],
    count: () => timers.size,
    clear: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
};

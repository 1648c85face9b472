import { createHash } from 'node:crypto';
import { z } from 'zod';

/** At most nine of ten: what is tried again must get through in the end. */
const SHARE_MAX = 0.9;
const DURATION_MS_MAX = 600_000;

const share = z.number().min(0).max(SHARE_MAX).default(0);
const durationMs = z.int().min(1).max(DURATION_MS_MAX).default(1_000);

/** What goes wrong on purpose. A share is from 0 to 0.9. A fault that is left out does not happen. */
export const faultSettingsSchema = z.strictObject({
  /** The same seed and the same order of publishes give the same faults, at any timing of deliveries. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
  /** The share of messages that a subscription gets twice. */
  duplicated: share,
  /** The share of messages that a subscription gets late, by at most `delayMs`. */
  delayed: share,
  /** 1 to 600,000; 1,000 unless given. */
  delayMs: durationMs,
  /** The share of messages that the next message overtakes. Each waits at most a second for the next. */
  reordered: share,
  /**
   * The share of acks that get lost. A pulled message comes again at its ack deadline; a pushed one comes
   * again as after a nack.
   */
  acksLost: share,
  /** The share of publishes that fail with UNAVAILABLE, without one accepted message. */
  publishesRefused: share,
  /** The share of publishes that fail with UNAVAILABLE although all messages are accepted. */
  publishesUnconfirmed: share,
  /** The share of pushes after which the subscription does not push for `pauseMs`. */
  pushPauses: share,
  /** 1 to 600,000; 1,000 unless given. */
  pauseMs: durationMs,
});

export type FaultSettings = z.output<typeof faultSettingsSchema>;

/** The server asks here what goes wrong. The key names one event, such as the delivery of one message. */
export interface Faults {
  readonly isDuplicated: (key: string) => boolean;
  /** How late a message comes, in milliseconds. 0: at once. */
  readonly delayMs: (key: string) => number;
  readonly isReordered: (key: string) => boolean;
  readonly isAckLost: (key: string) => boolean;
  readonly publishFailure: (key: string) => 'refused' | 'unconfirmed' | undefined;
  /** How long the subscription pauses, in milliseconds. 0: no pause. */
  readonly pauseMs: (key: string) => number;
}

/** Nothing goes wrong on purpose. */
export const NO_FAULTS: Faults = {
  isDuplicated: () => false,
  delayMs: () => 0,
  isReordered: () => false,
  isAckLost: () => false,
  publishFailure: () => undefined,
  pauseMs: () => 0,
};

/** Faults that a run can end. After that it can wait until everything has arrived. */
export const endable = (faults: Faults): { readonly faults: Faults; readonly end: () => void } => {
  let current = faults;
  return {
    faults: {
      isDuplicated: (key) => current.isDuplicated(key),
      delayMs: (key) => current.delayMs(key),
      isReordered: (key) => current.isReordered(key),
      isAckLost: (key) => current.isAckLost(key),
      publishFailure: (key) => current.publishFailure(key),
      pauseMs: (key) => current.pauseMs(key),
    },
    end: () => {
      current = NO_FAULTS;
    },
  };
};

/** Each decision is a hash of the seed, the fault and the key, so that it does not depend on timing. */
export const createFaults = (settings: FaultSettings): Faults => {
  const dice = (fault: string, key: string): number =>
    createHash('sha256').update(`${settings.seed}/${fault}/${key}`).digest().readUInt32BE() / 2 ** 32;
  return {
    isDuplicated: (key) => dice('duplicated', key) < settings.duplicated,
    delayMs: (key) =>
      dice('delayed', key) < settings.delayed ? Math.ceil(dice('delayMs', key) * settings.delayMs) : 0,
    isReordered: (key) => dice('reordered', key) < settings.reordered,
    isAckLost: (key) => dice('acksLost', key) < settings.acksLost,
    publishFailure: (key) => {
      if (dice('publishesRefused', key) < settings.publishesRefused) return 'refused';
      return dice('publishesUnconfirmed', key) < settings.publishesUnconfirmed ? 'unconfirmed' : undefined;
    },
    pauseMs: (key) => (dice('pushPauses', key) < settings.pushPauses ? settings.pauseMs : 0),
  };
};

import { createHash } from 'node:crypto';
import { z } from 'zod';

/** At most nine in ten, so that what is tried again gets through in the end. */
const SHARE_MAX = 0.9;
const DURATION_MS_MAX = 600_000;

const share = z.number().min(0).max(SHARE_MAX).default(0);
const durationMs = z.int().min(1).max(DURATION_MS_MAX).default(1_000);

/** What goes wrong on purpose, as shares of 0 to 0.9 of all chances; what is left out does not happen. */
export const faultSettingsSchema = z.strictObject({
  /** The same seed decides the same for the same order of publishes, whatever the timing of their deliveries. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
  /** Messages that a subscription gets twice. */
  duplicated: share,
  /** Messages that a subscription gets late, by up to `delayMs`. */
  delayed: share,
  delayMs: durationMs,
  /** Messages that the next one overtakes; the last one waits a second for it. */
  reordered: share,
  /** Acks that are lost on the way: a pulled message comes again at its ack deadline, a pushed one as after a nack. */
  acksLost: share,
  /** Publishes that fail with UNAVAILABLE before anything was accepted. */
  publishesRefused: share,
  /** Publishes that fail with UNAVAILABLE although all was accepted. */
  publishesUnconfirmed: share,
  /** Pushes after which their subscription does not push for `pauseMs`. */
  pushPauses: share,
  pauseMs: durationMs,
});

export type FaultSettings = z.output<typeof faultSettingsSchema>;

/** Where the server asks what goes wrong. `key` names the one chance that is asked about. */
export interface Faults {
  readonly isDuplicated: (key: string) => boolean;
  /** 0: at once. */
  readonly delayMs: (key: string) => number;
  readonly isReordered: (key: string) => boolean;
  readonly isAckLost: (key: string) => boolean;
  readonly publishFailure: (key: string) => 'refused' | 'unconfirmed' | undefined;
  /** 0: no pause. */
  readonly pauseMs: (key: string) => number;
}

export const NO_FAULTS: Faults = {
  isDuplicated: () => false,
  delayMs: () => 0,
  isReordered: () => false,
  isAckLost: () => false,
  publishFailure: () => undefined,
  pauseMs: () => 0,
};

/** Faults that can be ended, so that what they delayed may be waited for. */
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

/** Faults by seed: each decision is a hash of seed, fault and key, so that it does not depend on timing. */
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

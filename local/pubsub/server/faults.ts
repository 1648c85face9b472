import { createHash } from 'node:crypto';
import * as z from 'zod';

/** At most nine of ten: what is tried again must get through in the end. */
export const SHARE_MAX = 0.9;
const DURATION_MS_MAX = 600_000;

const SHARE = { error: `expected a share from 0 to ${SHARE_MAX}` };
const DURATION = { error: `expected whole milliseconds, 1 to ${DURATION_MS_MAX}` };
const share = z.number(SHARE).min(0, SHARE).max(SHARE_MAX, SHARE).default(0);
const durationMs = z.int(DURATION).min(1, DURATION).max(DURATION_MS_MAX, DURATION).default(1_000);

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

/** The faults that a share switches on, by the name of their setting. */
export const FAULT_NAMES = [
  'duplicated',
  'reordered',
  'delayed',
  'acksLost',
  'publishesRefused',
  'publishesUnconfirmed',
  'pushPauses',
] as const;
type FaultName = (typeof FAULT_NAMES)[number];

/** Faults that can be changed while the server runs. */
export interface FaultSwitch {
  readonly faults: Faults;
  readonly settings: () => FaultSettings;
  /** Decides every chance from now on. What a fault already holds back comes as it was to come. */
  readonly set: (settings: FaultSettings) => void;
  /** How often each fault has hit since the start, whatever the settings were then. */
  readonly hits: () => Readonly<Record<FaultName, number>>;
}

/** Nothing goes wrong on purpose. */
export const FAULTS_OFF: FaultSettings = faultSettingsSchema.parse({});

/** @param initial default: nothing goes wrong until `set`. */
export const createFaultSwitch = (initial: FaultSettings = FAULTS_OFF): FaultSwitch => {
  let settings = initial;
  let current = createFaults(initial);
  const hits = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<FaultName, number>;
  const counted = <T>(name: FaultName, decision: T, isHit: boolean): T => {
    if (isHit) hits[name] += 1;
    return decision;
  };
  const countIf = (name: FaultName, isHit: boolean): boolean => counted(name, isHit, isHit);
  return {
    faults: {
      isDuplicated: (key) => countIf('duplicated', current.isDuplicated(key)),
      delayMs: (key) => {
        const delayMs = current.delayMs(key);
        return counted('delayed', delayMs, delayMs > 0);
      },
      isReordered: (key) => countIf('reordered', current.isReordered(key)),
      isAckLost: (key) => countIf('acksLost', current.isAckLost(key)),
      publishFailure: (key) => {
        const failure = current.publishFailure(key);
        const name = failure === 'refused' ? 'publishesRefused' : 'publishesUnconfirmed';
        return counted(name, failure, failure !== undefined);
      },
      pauseMs: (key) => {
        const pauseMs = current.pauseMs(key);
        return counted('pushPauses', pauseMs, pauseMs > 0);
      },
    },
    settings: () => settings,
    set: (next) => {
      settings = next;
      current = createFaults(next);
    },
    hits: () => ({ ...hits }),
  };
};

/** Each decision is a hash of the seed, the fault and the key, so that it does not depend on timing. */
export const createFaults = (settings: FaultSettings): Faults => {
  const dice = (fault: string, key: string): number =>
    createHash('sha256').update(`${settings.seed}/${fault}/${key}`).digest().readUInt32BE() / 2 ** 32;
  // A fault that is off costs no hash.
  const isHit = (fault: FaultName, key: string): boolean =>
    settings[fault] > 0 && dice(fault, key) < settings[fault];
  return {
    isDuplicated: (key) => isHit('duplicated', key),
    delayMs: (key) => (isHit('delayed', key) ? Math.ceil(dice('delayMs', key) * settings.delayMs) : 0),
    isReordered: (key) => isHit('reordered', key),
    isAckLost: (key) => isHit('acksLost', key),
    publishFailure: (key) => {
      if (isHit('publishesRefused', key)) return 'refused';
      return isHit('publishesUnconfirmed', key) ? 'unconfirmed' : undefined;
    },
    pauseMs: (key) => (isHit('pushPauses', key) ? settings.pauseMs : 0),
  };
};

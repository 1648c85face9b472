import { toErrorText } from '../../shared/masking/toErrorText.ts';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import { FAILURES_MAX, FAILURES_SHOWN_MAX, IN_FLIGHT_MAX, LATE_SECONDS_MAX } from './limits.ts';
import type { Message, MessageKind, Slot } from './workload.ts';
import { RUN_SECONDS_MAX } from '../../shared/deadlines.ts';

const STOP_AFTER_SECONDS = RUN_SECONDS_MAX + LATE_SECONDS_MAX;

export interface PublishRunDeps {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** A monotonic clock, in milliseconds. */
  readonly clock: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<unknown>;
}

export interface PublishResult {
  /** How many messages of each kind Pub/Sub confirmed. Copies count. */
  readonly published: Readonly<Record<MessageKind, number>>;
  readonly failed: number;
  /** Why the run is not complete: up to `FAILURES_SHOWN_MAX` different error texts. Empty if it is. */
  readonly failures: readonly string[];
  readonly durationMs: number;
}

/**
 * Publishes each slot when it is due, never earlier. A slot about a subject waits until Pub/Sub has confirmed
 * the one before it about the same subject. It returns when Pub/Sub has answered every publish.
 *
 * It ends early when the signal aborts, after `FAILURES_MAX` failures, or after `STOP_AFTER_SECONDS`.
 */
export const publishRun = async (
  { publisher, clock, sleep }: PublishRunDeps,
  slots: Iterable<Slot>,
  signal: AbortSignal,
): Promise<PublishResult> => {
  const startedAt = clock();
  const flight = createFlight();
  const subjects = createSubjects();
  const published = { order: 0, payment: 0, malformed: 0 };
  const failures = new Set<string>();
  let failed = 0;

  const publish = async ({ kind, topic, data }: Message, together: number): Promise<void> => {
    flight.takeOff();
    try {
      await publisher.publish(topic, together === 1 ? { data } : { data, together });
      published[kind] += 1;
    } catch (error) {
      failed += 1;
      if (failures.size < FAILURES_SHOWN_MAX) failures.add(describe(error));
    } finally {
      flight.land();
    }
  };

  for (const slot of slots) {
    if (!flight.hasRoomFor(slot.messages.length)) await flight.halved();
    await subjects.confirmed(slot.subject);
    await untilDue(startedAt + slot.atMs, { clock, sleep, signal });
    if (signal.aborted || failed >= FAILURES_MAX) break;
    if (clock() - startedAt > STOP_AFTER_SECONDS * 1000) {
      failures.add(`the run was behind its schedule and was stopped after ${STOP_AFTER_SECONDS} s`);
      break;
    }
    const publishing = Promise.all(slot.messages.map((message) => publish(message, slot.messages.length)));
    void subjects.add(slot.subject, publishing);
  }
  await flight.empty();
  return { published, failed, failures: [...failures], durationMs: clock() - startedAt };
};

/** Remembers what is in flight about each subject. Subjects of which all is confirmed are forgotten. */
const createSubjects = () => {
  const inFlight = new Map<string | undefined, Promise<unknown>>();
  return {
    confirmed: async (subject: string | undefined): Promise<void> => {
      if (subject !== undefined) await inFlight.get(subject);
    },
    add: async (subject: string | undefined, publishing: Promise<unknown>): Promise<void> => {
      inFlight.set(subject, publishing);
      await publishing;
      if (inFlight.get(subject) === publishing) inFlight.delete(subject);
    },
  };
};

interface Flight {
  readonly takeOff: () => void;
  readonly land: () => void;
  readonly hasRoomFor: (messages: number) => boolean;
  /** Waits until half of `IN_FLIGHT_MAX` is free, so that the next messages fill whole batches. */
  readonly halved: () => Promise<void>;
  readonly empty: () => Promise<void>;
}

/** Counts the messages in flight. It does not keep the messages. Only one caller may wait at a time. */
const createFlight = (): Flight => {
  let count = 0;
  let waiting: { readonly limit: number; readonly resolve: () => void } | undefined;
  const atMost = async (limit: number): Promise<void> => {
    if (count <= limit) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting = { limit, resolve };
    await promise;
  };
  return {
    takeOff: () => {
      count += 1;
    },
    land: () => {
      count -= 1;
      if (waiting !== undefined && count <= waiting.limit) waiting.resolve();
    },
    hasRoomFor: (messages) => count + messages <= IN_FLIGHT_MAX,
    halved: () => atMost(IN_FLIGHT_MAX / 2),
    empty: () => atMost(0),
  };
};

/** Waits until the due time, or until the signal aborts. A timer may fire too early, so it waits again. */
const untilDue = async (
  dueAt: number,
  { clock, sleep, signal }: Pick<PublishRunDeps, 'clock' | 'sleep'> & { readonly signal: AbortSignal },
): Promise<void> => {
  for (let leftMs = dueAt - clock(); leftMs > 0 && !signal.aborted; leftMs = dueAt - clock()) {
    try {
      await sleep(Math.ceil(leftMs), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
};

/** Adds the cause: "not confirmed" alone does not say whether the topic or the network is missing. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  return toErrorText(
    error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message,
  );
};

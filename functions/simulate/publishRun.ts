import { toErrorText } from '../../shared/masking/toErrorText.ts';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import { FAILURES_MAX, FAILURES_SHOWN_MAX, IN_FLIGHT_MAX, LATE_SECONDS_MAX } from './limits.ts';
import type { MessageKind, Slot } from './workload.ts';
import { RUN_SECONDS_MAX } from '../../shared/deadlines.ts';

export interface PublishRunDeps {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<unknown>;
}

export interface PublishResult {
  /** Messages that Pub/Sub confirmed, copies included. */
  readonly published: Readonly<Record<MessageKind, number>>;
  readonly failed: number;
  /** Why the run is not complete: the first different error texts. Empty when every message was confirmed. */
  readonly failures: readonly string[];
  readonly durationMs: number;
}

/**
 * Publishes every slot at its time, none before it, and returns when the last publish is settled. It ends early when the
 * signal aborts, after `FAILURES_MAX` failures, and when it falls too far behind.
 */
export const publishRun = async (
  { publisher, clock, sleep }: PublishRunDeps,
  slots: Iterable<Slot>,
  signal: AbortSignal,
): Promise<PublishResult> => {
  const startedAt = clock();
  const flight = createFlight();
  const published = { order: 0, payment: 0, malformed: 0 };
  const failures = new Set<string>();
  let failed = 0;

  const publish = async ({ kind, topic, data }: Slot): Promise<void> => {
    flight.takeOff();
    try {
      await publisher.publish(topic, { data });
      published[kind] += 1;
    } catch (error) {
      failed += 1;
      if (failures.size < FAILURES_SHOWN_MAX) failures.add(describe(error));
    } finally {
      flight.land();
    }
  };

  for (const slot of slots) {
    if (flight.isFull()) await flight.halved();
    await untilDue(startedAt + slot.atMs, { clock, sleep, signal });
    if (signal.aborted || failed >= FAILURES_MAX) break;
    if (clock() - startedAt > (RUN_SECONDS_MAX + LATE_SECONDS_MAX) * 1000) {
      failures.add(`stopped after ${RUN_SECONDS_MAX + LATE_SECONDS_MAX} s, behind its schedule`);
      break;
    }
    void publish(slot);
  }
  await flight.empty();
  return { published, failed, failures: [...failures], durationMs: clock() - startedAt };
};

interface Flight {
  readonly takeOff: () => void;
  readonly land: () => void;
  readonly isFull: () => boolean;
  /** Waits until there is room for whole batches again. */
  readonly halved: () => Promise<void>;
  readonly empty: () => Promise<void>;
}

/** Counts what is in flight and holds none of it. One caller waits at a time. */
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
    isFull: () => count >= IN_FLIGHT_MAX,
    halved: () => atMost(IN_FLIGHT_MAX / 2),
    empty: () => atMost(0),
  };
};

/** Timers may fire a little early, so it looks again. Returns at once when the signal aborts. */
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

/** With its cause, because "not confirmed" alone does not say whether a topic is missing or the network. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  return toErrorText(
    error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message,
  );
};

import type { Progress } from '../local/progress.ts';
import { monotonicMs } from './monotonicMs.ts';
import { type Counts, countsOf } from './counts.ts';
import type { Emulator } from './emulators.ts';
import type { PushHandler } from './startPushHandler.ts';
import { openRoute } from './openRoute.ts';
import { untilArrived } from './untilArrived.ts';

interface ThroughputOptions {
  readonly emulator: Emulator;
  readonly handler: PushHandler;
  readonly messages: number;
  /** The handler waits this long before it answers a push. */
  readonly delayMs: number;
  readonly progress: Progress;
}

export interface Throughput extends Counts {
  readonly pushesPerSecond: number;
}

/**
 * Publishes all messages first. Then it gives the subscription an endpoint, and measures the time until the
 * last message has come. So the time contains the emulator's slow start, but not the publishing.
 */
export const measureThroughput = async (options: ThroughputOptions): Promise<Throughput> => {
  const { emulator, handler, messages, delayMs, progress } = options;
  const step = `${emulator.name}, handler of ${delayMs} ms`;
  const route = await openRoute(emulator);
  const published = await route.publish(messages);
  const startedAtMs = monotonicMs();
  await route.pushTo(handler.endpoint(route.subscription, delayMs));
  await untilArrived(handler, route.subscription, messages, (done) =>
    progress({ step, done, total: messages }),
  );
  await route.remove();
  // Asks once more, because duplicates may have come after the last new message.
  const arrivals = await handler.arrivals(route.subscription);
  const seconds = (arrivals.lastNewAtMs - startedAtMs) / 1_000;
  return { ...countsOf(published.size, arrivals), pushesPerSecond: arrivals.distinct / seconds };
};

import type { Progress } from '../local/progress.ts';
import { monotonicMs } from './clock.ts';
import { type Counts, countsOf } from './counts.ts';
import type { Emulator } from './emulators.ts';
import type { PushHandler } from './handler.ts';
import { openRoute } from './route.ts';
import { untilArrived } from './untilArrived.ts';

export interface ThroughputOptions {
  readonly emulator: Emulator;
  readonly handler: PushHandler;
  readonly messages: number;
  /** How long the handler takes for each. */
  readonly delayMs: number;
  readonly progress: Progress;
}

export interface Throughput extends Counts {
  readonly pushesPerSecond: number;
}

/**
 * Gives an endpoint to a subscription that has a backlog, and takes the time until the last message of it has come. So
 * publishing is not in the measure, and the emulator's slow start is.
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
  // Once more, for duplicates that came after the last new message.
  const arrivals = await handler.arrivals(route.subscription);
  const seconds = (arrivals.lastNewAtMs - startedAtMs) / 1_000;
  return { ...countsOf(published.size, arrivals), pushesPerSecond: arrivals.distinct / seconds };
};

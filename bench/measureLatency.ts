import type { Progress } from '../local/progress.ts';
import { monotonicMs } from './monotonicMs.ts';
import { type Counts, countsOf } from './counts.ts';
import type { Emulator } from './emulators.ts';
import type { PushHandler } from './startPushHandler.ts';
import { openRoute } from './openRoute.ts';
import { percentile } from './statistics.ts';
import { untilArrived } from './untilArrived.ts';

interface LatencyOptions {
  readonly emulator: Emulator;
  readonly handler: PushHandler;
  readonly messages: number;
  readonly progress: Progress;
}

export interface Latency extends Counts {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Publishes messages one after the other. The handler answers at once. A latency is the time from before the
 * publish until the push arrives.
 */
export const measureLatency = async (options: LatencyOptions): Promise<Latency> => {
  const { emulator, handler, messages, progress } = options;
  const route = await openRoute(emulator);
  await route.pushTo(handler.endpoint(route.subscription, 0));
  const published = new Set<string>();
  while (published.size < messages) {
    published.add(await route.publishOne({ publishedAt: String(monotonicMs()) }));
    progress({ step: `${emulator.name}, latency`, done: published.size, total: messages });
  }
  await untilArrived(handler, route.subscription, messages, () => {});
  await route.remove();
  const arrivals = await handler.arrivals(route.subscription);
  const { latenciesMs } = arrivals;
  return {
    ...countsOf(published.size, arrivals),
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
  };
};

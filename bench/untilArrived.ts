import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonicMs.ts';
import type { PushHandler } from './startPushHandler.ts';

const LOOK_EVERY_MS = 100;
/** A message for which nothing new has come for so long is lost; longer than the ack deadline of 10 s. */
const STALL_TIMEOUT_MS = 30_000;

/** Waits for so many distinct messages; returns with fewer when nothing new comes any more. */
export const untilArrived = async (
  handler: PushHandler,
  subscription: string,
  messages: number,
  onArrived: (distinct: number) => void,
): Promise<void> => {
  let lastDistinct = 0;
  let deadlineMs = monotonicMs() + STALL_TIMEOUT_MS;
  for (;;) {
    const arrivals = await handler.arrivals(subscription);
    onArrived(arrivals.distinct);
    if (arrivals.distinct >= messages || monotonicMs() > deadlineMs) return;
    if (arrivals.distinct > lastDistinct) deadlineMs = monotonicMs() + STALL_TIMEOUT_MS;
    lastDistinct = arrivals.distinct;
    await delay(LOOK_EVERY_MS);
  }
};

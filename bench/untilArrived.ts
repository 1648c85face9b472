import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonicMs.ts';
import type { PushHandler } from './startPushHandler.ts';

const LOOK_EVERY_MS = 100;
/** After this time without a new message, the missing ones are lost. The ack deadline, 10 s, is shorter. */
const STALL_TIMEOUT_MS = 30_000;

/** Waits until this number of different messages has arrived, or until nothing new comes any more. */
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

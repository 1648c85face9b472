import type { Faults } from './faults.ts';
import type { Holds } from './holds.ts';
import { type PublishedMessage, sizeOf } from './message.ts';
import type { OwedMessage } from './owedMessage.ts';
import type { Queue } from './queue.ts';

/** A message that a fault lets others overtake waits no longer than this for the next message. */
const OVERTAKEN_WITHIN_MS = 1_000;

interface ArrivalsOptions {
  readonly faults: Faults;
  readonly holds: Holds;
  readonly queue: Queue;
  /**
   * Called once for each new message, before it comes to the queue.
   * @param copies 2 when a fault duplicates the message, else 1.
   */
  readonly onArrival: (message: PublishedMessage, copies: number) => void;
}

/**
 * Brings new messages to the queue: once or twice; at once, late, or after the next one. The faults decide.
 * @returns the function that takes each new message.
 */
export const createArrivals = ({ faults, holds, queue, onArrival }: ArrivalsOptions) => {
  let overtakable: OwedMessage[] = [];

  const letOthersOvertake = (owed: OwedMessage): void => {
    overtakable.push(owed);
    holds.hold(owed, OVERTAKEN_WITHIN_MS, () => {
      overtakable = overtakable.filter((other) => other !== owed);
      queue.add(owed);
    });
  };

  const overtake = (owed: OwedMessage): void => {
    queue.add(owed);
    for (const overtaken of overtakable.splice(0)) {
      // A seek may have forgotten it meanwhile.
      if (holds.release(overtaken)) queue.add(overtaken);
    }
  };

  const add = (message: PublishedMessage, key: string): void => {
    const owed: OwedMessage = { message, bytes: sizeOf(message), failures: 0 };
    const delayMs = faults.delayMs(key);
    if (delayMs > 0) holds.hold(owed, delayMs, () => queue.add(owed));
    else if (faults.isReordered(key)) letOthersOvertake(owed);
    else overtake(owed);
  };

  return (message: PublishedMessage): void => {
    const key = String(message.nth);
    const isDuplicated = faults.isDuplicated(key);
    onArrival(message, isDuplicated ? 2 : 1);
    add(message, key);
    if (isDuplicated) add(message, `${key}/2`);
  };
};

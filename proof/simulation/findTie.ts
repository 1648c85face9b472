import { orderWriteTime } from '../../shared/domain/writeTimes.ts';
import { eventIdOf } from '../../shared/messaging/eventIdOf.ts';
import type { Body } from './body.ts';
import { happenedAtMs, type Message } from './oracle.ts';

/** Two of a hundred event ids have equal digits, so this many fillers find a tie nearly always. */
const FILLERS_MAX = 400;

/**
 * Draws a version of an order whose columns get the very same write time as those of another version. By
 * chance that happens to one pair in a hundred, so a run of thirty messages would hardly ever meet it. This
 * is a part of the traffic, not of the oracle, so it may know how the product makes a write time.
 * @param bodyWith makes the body with a filler.
 */
export const findTie = (
  other: Message,
  publishedAtMs: number,
  bodyWith: (filler: number) => Body,
): Body | undefined => {
  const writeTimeOf = (message: Pick<Message, 'body' | 'publishedAtMs' | 'said'>): bigint | undefined => {
    if (message.said.kind !== 'order') return undefined;
    const eventId = eventIdOf('orders_data', message.publishedAtMs, message.body);
    return orderWriteTime({ eventId, atMs: happenedAtMs({ ...other, ...message, said: message.said }) });
  };
  const wanted = writeTimeOf(other);
  for (let filler = 0; filler < FILLERS_MAX; filler += 1) {
    const body = bodyWith(filler);
    if (writeTimeOf({ body: body.masked, publishedAtMs, said: body.said }) === wanted) return body;
  }
  return undefined;
};

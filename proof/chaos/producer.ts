import { setTimeout as delay } from 'node:timers/promises';
import type { Publisher } from '../../shared/messaging/publisher.ts';
import { randomOf } from '../fuzz/generate/randomOf.ts';
import { type Request, STORIES } from './stories.ts';

const STORIES_PER_SECOND = 8;
/** Between two requests of one story. */
const PAUSE_MS_MAX = 3_000;
const TRY_AGAIN_AFTER_MS = 250;
/** The time limit for a request, after the traffic has ended. */
const LAST_REQUESTS_TIMEOUT_MS = 120_000;
/** While more copies than this wait, no new story begins. */
const BACKLOG_MAX = 2_000;
/** Far above all ids of the simulator, and above what a double can hold. Ten payment ids fit above each. */
const FIRST_ORDER_ID = 600_000_000_000_000_001n;

interface ProducerOptions {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly seed: number;
  /** The number of copies of messages that are not acked yet. */
  readonly backlog: () => number;
}

export interface Producer {
  /** Messages that Pub/Sub has confirmed. */
  readonly sent: () => number;
  /** How often a request was published again, because it was refused or not confirmed. */
  readonly sentAgain: () => number;
  /** Begins one story after another until the signal. It resolves when the last one is told. */
  readonly run: (end: AbortSignal) => Promise<void>;
}

/**
 * A producer that sends what the simulator does not: several versions, moving statuses, and everything that a
 * person must be told of. As a real one does, it sends a whole request again until it is confirmed.
 */
export const createProducer = ({ publisher, seed, backlog }: ProducerOptions): Producer => {
  const stories = Object.values(STORIES);
  let sent = 0;
  let sentAgain = 0;

  /** @throws Error when a request is not confirmed in time after the end; the last failure is its cause. */
  const send = async ({ topic, bodies }: Request, end: AbortSignal): Promise<void> => {
    let giveUpAt = Number.POSITIVE_INFINITY;
    for (;;) {
      try {
        // Messages that are published at once share a request.
        await Promise.all(bodies.map((body) => publisher.publish(topic, { data: Buffer.from(body) })));
        sent += bodies.length;
        return;
      } catch (error) {
        if (end.aborted) giveUpAt = Math.min(giveUpAt, performance.now() + LAST_REQUESTS_TIMEOUT_MS);
        if (performance.now() > giveUpAt)
          throw new Error('the last request was not confirmed', { cause: error });
        sentAgain += 1;
        await delay(TRY_AGAIN_AFTER_MS);
      }
    }
  };
  const tell = async (number: number, end: AbortSignal): Promise<void> => {
    const random = randomOf(seed, number);
    const story = stories[number % stories.length];
    const orderId = FIRST_ORDER_ID + BigInt(number);
    for (const request of story?.({ orderId, random, nowMs: Date.now() }) ?? []) {
      await send(request, end);
      await delay(random.integer(0, PAUSE_MS_MAX));
    }
  };

  return {
    sent: () => sent,
    sentAgain: () => sentAgain,
    run: async (end) => {
      const failure = Promise.withResolvers<never>();
      const telling = new Set<Promise<void>>();
      for (let number = 0; !end.aborted; number += 1) {
        const told = tell(number, end);
        telling.add(told);
        told.then(() => telling.delete(told), failure.reject);
        await Promise.race([delay(1_000 / STORIES_PER_SECOND), failure.promise]);
        while (backlog() > BACKLOG_MAX && !end.aborted) await delay(TRY_AGAIN_AFTER_MS);
      }
      await Promise.all(telling);
    },
  };
};

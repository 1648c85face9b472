import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { postSimulate } from '../../cli/simulate.ts';

/** The request for one batch of traffic. It contains every kind of order, and lasts a few seconds. */
const BATCH = {
  preset: 'shop',
  orders: 100,
  ratePerSecond: 40,
  early: 0.3,
  duplicates: 0.1,
  doublePaid: 0.05,
  missing: 0.05,
  unpaid: 0.05,
  malformed: 0.05,
};
/** This is longer than any freeze. */
const ANSWER_TIMEOUT_MS = 120_000;
const ASK_AGAIN_AFTER_MS = 250;
/**
 * While more copies than this wait, no new batch is requested: a growing backlog would only show a slow
 * machine.
 */
const BACKLOG_MAX = 2_000;
/** The time limit for the last batch, after the faults have ended. */
const LAST_BATCH_TIMEOUT_MS = 240_000;
const SEEDS = 2 ** 32;

const answerSchema = z.object({ published: z.object({ messages: z.int() }) });

interface LoadOptions {
  readonly url: string;
  readonly seed: number;
  /** The number of copies of messages that are not acked yet. */
  readonly backlog: () => number;
}

export interface Load {
  /** Messages that the simulator says it published, in the batches that it answered. */
  readonly sent: () => number;
  /** How often a batch was requested again, because its answer was missing or a failure. */
  readonly askedAgain: () => number;
  /** Requests one batch after another until the signal. It resolves when the last batch is answered. */
  readonly run: (end: AbortSignal) => Promise<void>;
}

/**
 * Traffic from the real simulator. When the simulator dies, or a publish fails, the same batch is requested
 * again until it is answered. Real producers do the same without a confirmation. The messages that the first
 * try had published are then published a second time, with the same bytes.
 */
export const createLoad = ({ url, seed, backlog }: LoadOptions): Load => {
  let sent = 0;
  let askedAgain = 0;

  /** @throws Error when the batch is not answered in time after the end; the last failure is its cause. */
  const ask = async (batchSeed: number, end: AbortSignal): Promise<void> => {
    let giveUpAt = Number.POSITIVE_INFINITY;
    for (;;) {
      try {
        const request = { ...BATCH, seed: batchSeed };
        const text = await postSimulate(url, request, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
        sent += answerSchema.parse(JSON.parse(text)).published.messages;
        return;
      } catch (error) {
        if (end.aborted) giveUpAt = Math.min(giveUpAt, performance.now() + LAST_BATCH_TIMEOUT_MS);
        if (performance.now() > giveUpAt)
          throw new Error('the last batch was not answered', { cause: error });
        askedAgain += 1;
        await delay(ASK_AGAIN_AFTER_MS);
      }
    }
  };

  return {
    sent: () => sent,
    askedAgain: () => askedAgain,
    run: async (end) => {
      for (let batch = 0; !end.aborted; batch += 1) {
        while (backlog() > BACKLOG_MAX && !end.aborted) await delay(ASK_AGAIN_AFTER_MS);
        await ask((seed + batch) % SEEDS, end);
      }
    },
  };
};

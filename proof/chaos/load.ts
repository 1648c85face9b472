import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { postSimulate } from '../../cli/simulate.ts';

/** What a batch asks the simulator for: all that can happen to an order, and a few seconds of it. */
const BATCH = {
  preset: 'shop',
  orders: 100,
  ratePerSecond: 50,
  early: 0.3,
  duplicates: 0.1,
  doublePaid: 0.05,
  missing: 0.05,
  unpaid: 0.05,
  malformed: 0.05,
};
/** Longer than any freeze. */
const ANSWER_TIMEOUT_MS = 120_000;
const ASK_AGAIN_AFTER_MS = 250;
/** No batch is asked for while more copies than this wait: a backlog that grows for hours would only show how slow a machine is. */
const BACKLOG_MAX = 2_000;
/** After the end, when nothing goes wrong any more. */
const LAST_BATCH_TIMEOUT_MS = 240_000;
const SEEDS = 2 ** 32;

const expectedSchema = z.object({
  matched: z.array(z.unknown()),
  parked: z.array(z.unknown()),
  unpaid: z.array(z.unknown()),
  conflicts: z.array(z.unknown()),
  invalid: z.array(z.unknown()),
});
type Expected = z.infer<typeof expectedSchema>;
const answerSchema = z.object({ published: z.object({ messages: z.int() }), expected: expectedSchema });

interface LoadOptions {
  readonly url: string;
  readonly seed: number;
  /** Copies of messages that are not acked yet. */
  readonly backlog: () => number;
}

export interface Load {
  /** Messages that the simulator said it had published, in runs that it answered. */
  readonly sent: () => number;
  /** Times that a batch had to be asked for again, as its answer did not come or was a failure. */
  readonly askedAgain: () => number;
  /** Asks for one batch after another until the signal; resolves when the last one is answered. */
  readonly run: (end: AbortSignal) => Promise<void>;
  /** All answers as one, for `tally audit --expect`. */
  readonly expectation: () => { readonly expected: Expected };
}

/**
 * Traffic by the real simulator. One that dies, or whose publishes fail, is asked for the same batch again until it answers,
 * as a producer does that has had no confirmation: what it had published comes a second time, byte for byte.
 */
export const createLoad = ({ url, seed, backlog }: LoadOptions): Load => {
  const expected: Expected = { matched: [], parked: [], unpaid: [], conflicts: [], invalid: [] };
  let sent = 0;
  let askedAgain = 0;

  /** @throws Error with the last failure when it is not answered in time after the end. */
  const ask = async (batchSeed: number, end: AbortSignal): Promise<void> => {
    let giveUpAt = Number.POSITIVE_INFINITY;
    for (;;) {
      try {
        const request = { ...BATCH, seed: batchSeed };
        const text = await postSimulate(url, request, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
        const answer = answerSchema.parse(JSON.parse(text));
        sent += answer.published.messages;
        expected.matched.push(...answer.expected.matched);
        expected.parked.push(...answer.expected.parked);
        expected.unpaid.push(...answer.expected.unpaid);
        expected.conflicts.push(...answer.expected.conflicts);
        expected.invalid.push(...answer.expected.invalid);
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
    expectation: () => ({ expected }),
  };
};

import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import {
  planOf,
  redrive,
  RedriveFailedError,
  type RedriveResult,
} from '../../../shared/operations/redrive.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { orderEntry } from '../../support/messages/entries.ts';
import { deadLetterAction, deadLetterOf, deadLetterRow } from '../../support/messages/records.ts';

const EVENT_ID = eventIdOf('orders_data', PUBLISHED_AT_MS, orderBytes());

/** A dead letter that is marked as masked. Its event is in the ledger with its own mark, or is not there. */
const marksOf = async (reason: 'rivals' | 'invalid', ownMark: boolean | undefined) => {
  const store = createMemoryStore();
  const event = { publishedAtMs: PUBLISHED_AT_MS, sinceMs: PUBLISHED_AT_MS, originTopic: 'orders_data' };
  const finding = deadLetterOf(0, {
    ...event,
    reason,
    toldBy: EVENT_ID,
    payload: orderBytes(),
    isRedacted: true,
  });
  await store.recordDeadLetter(finding);
  await store.recordEntry(orderEntry(2, {}, { isRedacted: false }));
  if (ownMark !== undefined) {
    await store.recordEntry(orderEntry(1, {}, { eventId: EVENT_ID, isRedacted: ownMark }));
  }
  const rows = await Array.fromAsync(store.scanDeadLetters());
  const plans = await Promise.all(rows.map((row) => planOf(store, row)));
  return plans.map((plan) => plan.kind === 'send' && plan.message.attributes?.['tally_redacted']);
};

describe('the mark of masking in a redrive', () => {
  it.each([
    ['a finding whose event was masked', 'rivals', true, 'card_number'],
    // Another event with the same write time told it too, and that one was masked.
    ['a finding whose event was not masked', 'rivals', false, undefined],
    ['a finding whose event is not in the ledger', 'rivals', undefined, 'card_number'],
    ['an invalid message, which is in no ledger', 'invalid', undefined, 'card_number'],
  ] as const)('of %s is that of the event', async (_what, reason, ownMark, mark) => {
    expect(await marksOf(reason, ownMark)).toEqual([mark]);
  });
});

const PAYLOAD = orderBytes();
/** A dead letter that can be redriven. Each number has its own place. */
const rowOf = (number: number, changes = {}) =>
  deadLetterRow(number, {
    reason: 'invalid',
    toldBy: EVENT_ID,
    originTopic: 'orders_data',
    publishedAtMs: PUBLISHED_AT_MS,
    ...changes,
  });
const ERASED = { id: 'e'.repeat(32) };
const CUT = { payloadSha256: 'f'.repeat(64) };

const setUp = () => {
  const published: string[] = [];
  const noted: object[] = [];
  const store = {
    findPayload: async () => PAYLOAD,
    findActions: async ({ id }: { readonly id: string }) =>
      id === ERASED.id ? [deadLetterAction({ kind: 'erased', redrives: undefined })] : [],
    findOrderRecord: () => Promise.reject(new Error('nobody asked for it')),
    recordAction: async (_key: object, action: object) => {
      noted.push(action);
    },
  };
  const publisher = {
    publish: async (topic: string) => `message ${published.push(topic)}`,
  };
  return { published, noted, deps: { store, publisher, clock: () => 7 } };
};
const OPTIONS = {
  operation: { operationId: 'op-1', operator: 'ann', because: 'the order is here now' },
  ratePerSecond: Infinity,
  limit: Infinity,
};
const placeOf = ({ day, shard, id, reason }: ReturnType<typeof rowOf>) => ({ day, shard, id, reason });
async function* asAsync<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
const failureOf = (redriven: Promise<RedriveResult>): Promise<unknown> =>
  redriven.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );

describe('a redrive', () => {
  it('publishes each dead letter, notes it, and says how many', async () => {
    const { deps, published, noted } = setUp();
    // More than are planned together. No ledger is read for them.
    const ofNoOrder = rowOf(0, { isRedacted: true, orderId: undefined });
    const rows = [ofNoOrder, ...Array.from({ length: 69 }, (_, number) => rowOf(number + 1))];
    const progress: number[] = [];

    const result = await redrive(deps, asAsync(rows), {
      ...OPTIONS,
      onProgress: (sent) => progress.push(sent),
    });

    expect(result).toEqual({
      sent: 70,
      refused: new Map(),
      doneUpTo: placeOf(rowOf(69)),
      stopped: undefined,
    });
    expect(published).toEqual(rows.map(() => 'orders_data'));
    expect(progress).toEqual(rows.map((_, index) => index + 1));
    expect(noted).toHaveLength(70);
    expect(noted[0]).toEqual({
      reason: 'invalid',
      kind: 'redriven',
      actedAtMs: 7,
      redrives: 1,
      detail: 'message 1',
      ...OPTIONS.operation,
    });
  });

  it('counts what is refused by why, goes on behind it, and has done that, too', async () => {
    const { deps, published } = setUp();
    const rows = [rowOf(1, CUT), rowOf(2), rowOf(3, CUT), rowOf(4, ERASED)];

    const { sent, refused, doneUpTo } = await redrive(deps, asAsync(rows), OPTIONS);

    expect([sent, published]).toEqual([1, ['orders_data']]);
    expect([...refused.values()]).toEqual([2, 1]);
    expect([...refused.keys()]).toEqual([
      expect.stringContaining('was cut'),
      expect.stringContaining('was erased'),
    ]);
    expect(doneUpTo).toEqual(placeOf(rowOf(4, ERASED)));
  });

  it('of nothing has done nothing', async () => {
    expect(await redrive(setUp().deps, asAsync([]), OPTIONS)).toEqual({
      sent: 0,
      refused: new Map(),
      doneUpTo: undefined,
      stopped: undefined,
    });
  });

  it('ends at its limit, and else at the end', async () => {
    const rows = [rowOf(1), rowOf(2), rowOf(3)];

    expect(await redrive(setUp().deps, asAsync(rows), { ...OPTIONS, limit: 2 })).toMatchObject({
      sent: 2,
      doneUpTo: placeOf(rowOf(2)),
      stopped: 'limit',
    });
    expect(await redrive(setUp().deps, asAsync(rows), { ...OPTIONS, limit: 4 })).toMatchObject({
      sent: 3,
      stopped: undefined,
    });
  });

  it.each([
    ['its limit', { sent: 1, stopped: 'limit' }],
    ['a signal', { sent: 1, stopped: 'signal' }],
    ['a failure', { sent: 0, stopped: undefined }],
  ])('ends at %s while the next dead letter is looked for, and closes its source', async (what, expected) => {
    const { deps } = setUp();
    const abort = new AbortController();
    const [found, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* rows() {
      try {
        yield rowOf(1);
        await found.promise;
        yield rowOf(2);
      } finally {
        closed.resolve();
      }
    }
    const recordAction = async () => {
      if (what === 'a signal') abort.abort();
      if (what === 'a failure') throw new Error('no answer');
    };

    const ended = await redrive({ ...deps, store: { ...deps.store, recordAction } }, rows(), {
      ...OPTIONS,
      limit: what === 'its limit' ? 1 : 9,
      signal: abort.signal,
    }).catch((error: unknown) => (error instanceof RedriveFailedError ? error.result : error));

    expect(ended).toMatchObject(expected);
    found.resolve();
    await closed.promise;
  });

  it('stops between two messages when it is told to', async () => {
    const { deps, published } = setUp();
    const abort = new AbortController();
    const publish = async (topic: string) => {
      if (published.length === 1) abort.abort();
      return deps.publisher.publish(topic);
    };
    const rows = Array.from({ length: 9 }, (_, number) => rowOf(number));

    const result = await redrive({ ...deps, publisher: { publish } }, asAsync(rows), {
      ...OPTIONS,
      signal: abort.signal,
    });

    expect(result).toMatchObject({ sent: 2, doneUpTo: placeOf(rowOf(1)), stopped: 'signal' });
  });

  it.each(['publish', 'recordAction'])('begins nothing more after a failure in %s', async (step) => {
    const { deps, published } = setUp();
    let calls = 0;
    const failing = async (): Promise<never> => {
      throw new Error('no answer');
    };
    const publish = async (topic: string) => {
      calls += 1;
      return step === 'publish' && calls === 3 ? failing() : deps.publisher.publish(topic);
    };
    const recordAction = async (...args: Parameters<typeof deps.store.recordAction>) =>
      step === 'recordAction' && published.length >= 3 ? failing() : deps.store.recordAction(...args);
    const rows = Array.from({ length: 99 }, (_, number) => rowOf(number));

    const error = await failureOf(
      redrive(
        { ...deps, publisher: { publish }, store: { ...deps.store, recordAction } },
        pausing(rows),
        OPTIONS,
      ),
    );

    if (!(error instanceof RedriveFailedError)) throw error;
    expect(error).toMatchObject({
      name: 'RedriveFailedError',
      message: 'the redrive stopped after 2 messages',
      cause: new Error('no answer'),
      result: { sent: 2, doneUpTo: placeOf(rowOf(1)), stopped: undefined },
    });
    expect(published.length).toBeLessThan(9);
  });

  it('knows up to where all is done, in whatever order the messages end', async () => {
    const { deps } = setUp();
    const first = Promise.withResolvers<void>();
    let calls = 0;
    const publish = async (topic: string) => {
      calls += 1;
      if (calls === 1) await first.promise;
      if (calls === 3) throw new Error('no answer');
      return deps.publisher.publish(topic);
    };
    const redriven = redrive(
      { ...deps, publisher: { publish } },
      asAsync([rowOf(1), rowOf(2), rowOf(3)]),
      OPTIONS,
    );
    first.resolve();

    expect(await failureOf(redriven)).toMatchObject({ result: { sent: 2, doneUpTo: placeOf(rowOf(2)) } });
  });

  it('reads 32 payloads at the same time, and has at most 64 messages in flight', async () => {
    const { deps } = setUp();
    const reads = countAtOnce(deps.store.findPayload, 9);
    const publishes = countAtOnce(deps.publisher.publish, 99);
    const rows = Array.from({ length: 200 }, (_, number) => rowOf(number));

    await redrive(
      { ...deps, publisher: { publish: publishes.run }, store: { ...deps.store, findPayload: reads.run } },
      asAsync(rows),
      OPTIONS,
    );

    expect([reads.most(), publishes.most()]).toEqual([32, 64]);
  });

  it('that has stopped does not hear of a failure in what it read ahead', async () => {
    const { deps } = setUp();
    let failures = 0;
    const findPayload = async ({ id }: { readonly id: string }) => {
      if (id === rowOf(1).id) return PAYLOAD;
      failures += 1;
      throw new Error('no answer');
    };
    const rows = [rowOf(1), rowOf(2), rowOf(3)];

    const result = await redrive({ ...deps, store: { ...deps.store, findPayload } }, asAsync(rows), {
      ...OPTIONS,
      limit: 1,
    });

    expect([result.sent, result.stopped]).toEqual([1, 'limit']);
    expect(failures).toBeGreaterThan(0);
  });

  it.each(['a payload', 'the next dead letter'])('that cannot read %s says how far it came', async (what) => {
    const { deps } = setUp();
    const findPayload = async ({ id }: { readonly id: string }) => {
      if (id !== rowOf(1).id) throw new Error('no answer');
      return PAYLOAD;
    };
    async function* rows() {
      yield rowOf(1);
      // What was begun ends first.
      await new Promise(setImmediate);
      if (what === 'a payload') yield rowOf(2);
      else throw new Error('no answer');
    }

    const error = await failureOf(
      redrive({ ...deps, store: { ...deps.store, findPayload } }, rows(), OPTIONS),
    );

    expect(error).toMatchObject({
      name: 'RedriveFailedError',
      cause: new Error('no answer'),
      result: { sent: 1, doneUpTo: placeOf(rowOf(1)), stopped: undefined },
    });
  });
});

/** Makes each call last for so many turns of the event loop, and counts how many run at the same time. */
const countAtOnce = <Args extends readonly unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
  turns: number,
) => {
  let [running, most] = [0, 0];
  return {
    most: () => most,
    run: async (...args: Args): Promise<Result> => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      running -= 1;
      return call(...args);
    },
  };
};

/** Lets what was begun end between two items. */
async function* pausing<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) {
    await new Promise(setImmediate);
    yield item;
  }
}

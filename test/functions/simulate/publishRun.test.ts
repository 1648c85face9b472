import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FAILURES_MAX, IN_FLIGHT_MAX } from '../../../functions/simulate/limits.ts';
import { type PublishRunDeps, publishRun } from '../../../functions/simulate/publishRun.ts';
import type { Message, MessageKind, Slot } from '../../../functions/simulate/workload.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';

const message = (text: string, kind: MessageKind = 'order'): Message => ({
  kind,
  topic: kind === 'payment' ? 'payments_data' : 'orders_data',
  data: Buffer.from(text),
});

const slot = (atMs: number, kind: MessageKind = 'order'): Slot => ({
  messages: [message(String(atMs), kind)],
  subject: undefined,
  atMs,
});

function* slotsAt(times: Iterable<number>): Generator<Slot> {
  for (const atMs of times) yield slot(atMs);
}

const never = new AbortController().signal;

/**
 * Time that passes only when someone sleeps, and a timer that fires half a millisecond early, as real ones
 * may.
 */
const fakeTime = () => {
  const time = { now: 1_000_000, sleeps: 0 };
  const sleep: PublishRunDeps['sleep'] = async (durationMs) => {
    time.sleeps += 1;
    time.now += durationMs - 0.5;
    await nextTurn();
  };
  return { time, clock: () => time.now, sleep };
};

const confirm = async (): Promise<string> => 'id';

describe('publishing a run', () => {
  it('counts what was confirmed by kind and says nothing failed', async () => {
    const slots = [slot(0, 'order'), slot(0, 'payment'), slot(0, 'payment'), slot(0, 'malformed')];

    const result = await publishRun({ publisher: { publish: confirm }, ...fakeTime() }, slots, never);

    expect(result).toEqual({
      published: { order: 1, payment: 2, malformed: 1 },
      failed: 0,
      failures: [],
      durationMs: 0,
    });
  });

  it('publishes nothing before it is due, and everything soon after', async () => {
    const { time, ...clockwork } = fakeTime();
    const startedAt = time.now;
    const delays: number[] = [];
    const publish = async (_topic: string, { data }: { data: Uint8Array }): Promise<string> => {
      delays.push(time.now - startedAt - Number(Buffer.from(data).toString()));
      return 'id';
    };
    const times = Array.from({ length: 200 }, (_, index) => index * 0.7);

    await publishRun({ publisher: { publish }, ...clockwork }, slotsAt(times), never);

    expect(delays).toHaveLength(200);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(1.5);
  });

  it('does not sleep when it goes as fast as it can', async () => {
    const { time, ...clockwork } = fakeTime();

    await publishRun({ publisher: { publish: confirm }, ...clockwork }, slotsAt([0, 0, 0]), never);

    expect(time.sleeps).toBe(0);
  });

  it('keeps many messages in flight and never more than the limit', async () => {
    let inFlight = 0;
    let most = 0;
    const publish = async (): Promise<string> => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await nextTurn();
      inFlight -= 1;
      return 'id';
    };

    const result = await publishRun(
      { publisher: { publish }, ...fakeTime() },
      slotsAt(Array.from({ length: 10_000 }, () => 0)),
      never,
    );

    expect(result.published.order).toBe(10_000);
    expect(most).toBe(IN_FLIGHT_MAX);
    expect(inFlight).toBe(0);
  });

  it('publishes the messages of one slot without a wait between them, and says how many share the request', async () => {
    const calls: unknown[] = [];
    const publish = async (_topic: string, { data, together }: OutgoingMessage): Promise<string> => {
      calls.push([Buffer.from(data).toString(), together]);
      await nextTurn();
      return 'id';
    };
    const slots: Slot[] = [
      { messages: [message('a'), message('b'), message('c')], subject: undefined, atMs: 0 },
      slot(1),
    ];

    const result = await publishRun({ publisher: { publish }, ...fakeTime() }, slots, never);

    expect(result.published.order).toBe(4);
    expect(calls).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 3],
      ['1', undefined],
    ]);
  });

  it('waits for the confirmation of what was sent about the same subject, and of nothing else', async () => {
    const confirmed: string[] = [];
    const seen: Readonly<Record<string, readonly string[]>>[] = [];
    const publish = async (_topic: string, { data }: OutgoingMessage): Promise<string> => {
      const text = Buffer.from(data).toString();
      seen.push({ [text]: [...confirmed] });
      await nextTurn();
      confirmed.push(text);
      return 'id';
    };
    const about = (text: string, subject: string | undefined): Slot => ({
      messages: [message(text)],
      subject,
      atMs: 0,
    });

    await publishRun(
      { publisher: { publish }, ...fakeTime() },
      [about('a1', 'a'), about('b1', 'b'), about('x', undefined), about('y', undefined), about('a2', 'a')],
      never,
    );

    expect(seen).toEqual([{ a1: [] }, { b1: [] }, { x: [] }, { y: [] }, { a2: ['a1'] }]);
  });

  it('waits for the last confirmation', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let isOver = false;
    const run = publishRun({ publisher: { publish: () => promise }, ...fakeTime() }, [slot(0)], never);
    void run.finally(() => {
      isOver = true;
    });
    await nextTurn();
    expect(isOver).toBe(false);

    resolve('id');

    expect((await run).published.order).toBe(1);
  });

  it('goes on after a failure, counts it and says why', async () => {
    let calls = 0;
    const publish = async (): Promise<string> => {
      calls += 1;
      if (calls !== 2) return 'id';
      throw new TransientError('not confirmed', { cause: new Error('no topic 4111111111111111') });
    };

    const result = await publishRun({ publisher: { publish }, ...fakeTime() }, slotsAt([0, 1, 2]), never);

    expect(result).toMatchObject({
      published: { order: 2 },
      failed: 1,
      failures: ['not confirmed: no topic ************1111'],
    });
  });

  it('gives up after many failures instead of waiting for all of them', async () => {
    let calls = 0;
    const publish = async (): Promise<string> => {
      calls += 1;
      await nextTurn();
      throw new TransientError(`failure ${calls}`);
    };
    const times = Array.from({ length: 1000 }, (_, index) => index * 10);

    const result = await publishRun({ publisher: { publish }, ...fakeTime() }, slotsAt(times), never);

    expect(result.failed).toBe(calls);
    expect(calls).toBeGreaterThanOrEqual(FAILURES_MAX);
    expect(calls).toBeLessThan(FAILURES_MAX + 10);
    expect(result.failures).toHaveLength(10);
  });

  it('stops when it falls too far behind its schedule', async () => {
    const { time, ...clockwork } = fakeTime();
    const publish = async (): Promise<string> => {
      time.now += 60_000;
      return 'id';
    };

    const result = await publishRun(
      { publisher: { publish }, ...clockwork },
      slotsAt([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      never,
    );

    expect(result).toMatchObject({ published: { order: 10 }, failed: 0 });
    expect(result.failures).toEqual(['the run was behind its schedule and was stopped after 555 s']);
  });

  it('stops in the middle of a wait when its signal aborts', async () => {
    const controller = new AbortController();
    const sleep: PublishRunDeps['sleep'] = async (_durationMs, signal) => {
      controller.abort();
      signal.throwIfAborted();
    };

    const result = await publishRun(
      { publisher: { publish: confirm }, clock: () => 0, sleep },
      slotsAt([0, 60_000]),
      controller.signal,
    );

    expect(result).toMatchObject({ published: { order: 1 }, failed: 0, failures: [] });
  });
});

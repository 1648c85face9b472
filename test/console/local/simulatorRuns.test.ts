import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createSimulatorRuns,
  RunRefusedError,
  type SimulatorRuns,
} from '../../../console/local/simulatorRuns.ts';
import { until } from '../../../proof/until.ts';
import { TransientError } from '../../../shared/errors.ts';
import { IN_PROGRESS_MAX_MS } from '../../../shared/topology.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { NOTHING_EXPECTED } from '../../support/audit/nothingExpected.ts';
import { errorOf } from '../../support/errorOf.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const answerOf = (expected: object) => ({
  seed: 4711,
  published: { messages: 2 },
  seconds: 1.5,
  expected: { ...NOTHING_EXPECTED, ...expected },
});

/** A simulator that answers when the test says so, and a store that the test fills. */
const start = async ({ backlog = (): number | null => 0, refusalWithinMs = 5 } = {}) => {
  const asked: string[] = [];
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(body);
      waiting.push(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const store = createMemoryStore();
  let isAway = false;
  let nowMs = 1_000_000;
  const waits = { lookEveryMs: 5, refusalWithinMs };
  const runs = createSimulatorRuns({
    simulateUrl: `http://127.0.0.1:${port}`,
    store: {
      ...store,
      findOrderRecord: (id) =>
        isAway ? Promise.reject(new TransientError('Cassandra does not answer')) : store.findOrderRecord(id),
    },
    backlog,
    clock: () => nowMs,
    waits,
  });
  onTestFinished(() => {
    runs.close();
    server.closeAllConnections();
    server.close();
  });
  return {
    runs,
    store,
    asked,
    waiting,
    waits,
    setAway: (value: boolean) => void (isAway = value),
    pass: (ms: number) => void (nowMs += ms),
    answer: async (status: number, body: object) => {
      const response = await until('a request', () => waiting.shift());
      response.writeHead(status).end(JSON.stringify(body));
    },
  };
};
describe('an answer of the simulator that is no JSON', () => {
  it.each([
    [503, 'too many requests', 'the simulator answered 503: too many requests'],
    [200, '<html>', 'expected the answer of a simulator, got 6 characters that are not JSON'],
  ])('with the status %i is told', async (status, page, problem) => {
    const { runs, waiting } = await start();
    await runs.start({});
    const response = await until('a request', () => waiting.shift());
    response.writeHead(status).end(page);

    const run = await until('the end', () => {
      const now = runs.state().run;
      return now?.state === 'failed' ? now : undefined;
    });

    expect(run.problem).toBe(problem);
  });
});

const stateOf = (runs: SimulatorRuns) => runs.state().run?.state;
const become = (runs: SimulatorRuns, state: string) =>
  until(`the state ${state}`, () => stateOf(runs) === state);

const ONE = { matched: [{ order_id: 1, payment_id: 1001 }] };

describe('a run of the simulator', () => {
  it('publishes, waits and agrees, and green is said once for all of it', async () => {
    const { runs, store, asked, answer, pass } = await start();
    await runs.start({ preset: 'shop', orders: 1_000, seed: 4711 });
    const publishing = runs.state().run;
    await answer(200, answerOf(ONE));
    await until('the first look', () => (runs.state().run?.lines.length ?? 0) > 0);
    const waiting = runs.state().run;

    pass(2_000);
    await acceptAll(store, orderEntry(1), paymentEntry(2));
    await become(runs, 'agrees');

    expect(asked).toEqual(['{"preset":"shop","orders":1000,"seed":4711}']);
    expect(publishing).toMatchObject({
      what: 'shop, 1,000 orders',
      state: 'publishing',
      lines: [],
      seed: 4711,
    });
    expect(waiting).toMatchObject({ state: 'waiting', publishedInMs: 1_500, messages: 2, tookMs: null });
    expect(waiting?.lines[0]).toEqual({
      name: 'matched',
      expected: 1,
      actual: 0,
      state: 'wait',
      verdict: '1 on their way',
    });
    expect(runs.state().run).toMatchObject({ state: 'agrees', tookMs: 2_000, unmet: [] });
    expect(runs.state().run?.lines.every(({ state }) => state === 'ok')).toBe(true);
  });

  it('is wrong only when nothing is on its way and the patience of the audit is over', async () => {
    let backlog = 1;
    const { runs, answer, pass } = await start({ backlog: () => backlog });
    await runs.start({ preset: 'reference', scenario: 'A' });
    await answer(200, answerOf(ONE));
    await until('the first look', () => (runs.state().run?.lines.length ?? 0) > 0);

    pass(60_000);
    await until('a look at a backlog', () => stateOf(runs) === 'waiting');
    backlog = 0;
    pass(4_000);
    const before = stateOf(runs);
    pass(2_000);
    await become(runs, 'wrong');

    expect(before).toBe('waiting');
    expect(runs.state().run).toMatchObject({
      what: 'reference, scenario A',
      problem: null,
      unmet: [expect.stringContaining('lost: order 1 should be stored'), expect.any(String)],
      unmetCount: 2,
      lines: expect.arrayContaining([
        { name: 'lost', expected: 0, actual: 2, state: 'bad', verdict: '2 in no table' },
      ]),
    });
  });

  it.each([
    [3, '3 messages were not acked then, of this run or of others.'],
    [null, 'How many messages are on their way is not known.'],
  ])('that ends with %s messages on their way does not say that none is', async (left, said) => {
    const { runs, answer, pass } = await start({ backlog: () => left });
    await runs.start({ preset: 'shop' });
    await answer(200, answerOf(ONE));
    await until('the first look', () => (runs.state().run?.lines.length ?? 0) > 0);

    pass(IN_PROGRESS_MAX_MS);
    await become(runs, 'wrong');

    expect(runs.state().run?.problem).toBe(`Nothing new came true for 12 minutes. ${said}`);
  });

  it('waits for tables that do not answer, and says so', async () => {
    const { runs, store, answer, pass, setAway } = await start();
    setAway(true);
    await runs.start({ preset: 'shop' });
    await answer(200, answerOf(ONE));
    await until('a problem', () => runs.state().run?.problem ?? undefined);
    const { problem } = runs.state().run ?? {};

    pass(3_600_000);
    await acceptAll(store, orderEntry(1), paymentEntry(2));
    setAway(false);
    await become(runs, 'agrees');

    expect(problem).toBe('The tables do not answer: Cassandra does not answer');
    expect(runs.state().run?.problem).toBeNull();
  });

  it('that the simulator refuses at once is none, and the refusal is the caller’s', async () => {
    const { runs, answer } = await start({ refusalWithinMs: 30_000 });
    const starting = errorOf(runs.start({ preset: 'shop', orders: 'many' }));

    await answer(400, { error: 'the request is not valid', problems: ['orders: expected a whole number'] });

    const error = await starting;
    expect(error).toBeInstanceOf(RunRefusedError);
    expect(error).toMatchObject({
      message: 'the request is not valid',
      problems: ['orders: expected a whole number'],
    });
    expect(runs.state()).toEqual({ run: null, runsBefore: [] });
  });

  it('that is refused takes no place from the oldest of ten before it', async () => {
    const { runs, answer, waits } = await start();
    for (let seed = 0; seed < 11; seed += 1) {
      await runs.start({ preset: 'shop', seed });
      await answer(200, { ...answerOf(ONE), seed });
      await become(runs, 'waiting');
    }
    waits.refusalWithinMs = 30_000;
    const refused = errorOf(runs.start({ preset: 'shop', orders: 'many' }));
    await answer(400, { error: 'the request is not valid', problems: [] });
    expect(await refused).toBeInstanceOf(RunRefusedError);

    const { run, runsBefore } = runs.state();
    expect([run, ...runsBefore].map((one) => [one?.seed, one?.state])).toEqual(
      [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((seed) => [seed, 'waiting']),
    );
  });

  it('of which not all was confirmed has failed, with the reasons', async () => {
    const { runs, answer } = await start();
    await runs.start({ preset: 'shop' });

    const published = { messages: 40, failed: 2 };
    await answer(502, { ...answerOf({}), published, failures: ['publish to orders_data was not confirmed'] });
    await become(runs, 'failed');

    expect(runs.state().run?.problem).toBe(
      'the simulator answered 502: 2 messages were not confirmed: publish to orders_data was not confirmed',
    );
  });

  it('can be stopped while it publishes, and the simulator hears of it', async () => {
    const { runs, waiting } = await start();
    await runs.start({ preset: 'shop' });
    const response = await until('a request', () => waiting[0]);
    const twice = await errorOf(runs.start({ preset: 'shop' }));

    runs.stop();
    await become(runs, 'stopped');

    expect(twice.message).toBe('a run publishes already: stop it first');
    expect(runs.state().run?.problem).toContain('Only a run that has ended by itself');
    await until('the end of the request', () => response.closed);
    expect(() => runs.stop()).toThrow('no run publishes');
  });

  it('is listed below the next one, ten at most', async () => {
    const { runs, answer } = await start();
    for (let count = 0; count < 13; count += 1) {
      const starting = runs.start({ preset: 'shop', orders: count });
      await answer(200, answerOf({}));
      await starting;
      await become(runs, 'agrees');
    }

    expect(runs.state().run?.what).toBe('shop, 12 orders');
    expect(runs.state().runsBefore).toHaveLength(10);
    expect(runs.state().runsBefore[0]).toMatchObject({ what: 'shop, 11 orders', state: 'agrees' });
  });
});

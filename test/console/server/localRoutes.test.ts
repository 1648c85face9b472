import { afterEach, describe, expect, it } from 'vitest';
import type { FaultsState, Refusal, SendForm } from '../../../console/contract.ts';
import { localRoutes } from '../../../console/server/localRoutes.ts';
import { matchRoute } from '../../../console/server/matchRoute.ts';
import { createQuietSums } from '../../../console/sums/quietSums.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { callRoute } from '../../support/console/callRoute.ts';
import { localControls } from '../../support/console/localControls.ts';
import { feedOf } from '../../support/console/seenMessages.ts';
import { startTestConsole } from '../../support/console/startTestConsole.ts';
import { orderBody } from '../../support/messages/bodies.ts';

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

interface Answer<T> {
  readonly status: number;
  readonly value: T;
}

const start = (isLocal: boolean) => {
  const published: string[] = [];
  const { routes, close } = localRoutes({
    store: createMemoryStore(),
    publisher: {
      publish: async (topic) => {
        published.push(topic);
        return '17';
      },
    },
    feed: feedOf(),
    sums: createQuietSums(),
    clock: Date.now,
    local: isLocal ? localControls().local : undefined,
  });
  closes.push(close);
  const call = <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> =>
    callRoute(routes, method, path, body) as Promise<Answer<T>>;
  return { routes, call, published };
};

describe('what the page may do to a system', () => {
  const PATHS = [
    ['GET', '/api/faults'],
    ['POST', '/api/faults/cassandra'],
    ['POST', '/api/faults/slow'],
    ['POST', '/api/faults/pubsub'],
    ['POST', '/api/faults/off'],
    ['GET', '/api/send'],
    ['GET', '/api/send/form'],
    ['POST', '/api/send'],
    ['POST', '/api/runs'],
    ['POST', '/api/runs/stop'],
    ['POST', '/api/runs/estimate'],
  ] as const;

  it.each(PATHS)('is there in a local environment, and nowhere else: %s %s', async (method, path) => {
    const elsewhere = await startTestConsole(start(false).routes);
    closes.push(() => void elsewhere.stop());
    const headers = { 'content-type': 'application/json', 'x-tally-token': await elsewhere.token() };

    const answer = await elsewhere.ask(path, {
      method,
      headers,
      ...(method === 'POST' ? { body: '{}' } : {}),
    });

    expect(answer.status).toBe(404);
    expect(matchRoute(start(true).routes, method, path)).toBeDefined();
  });
});

describe('the faults', () => {
  it('are switched, and the answer says what is so now', async () => {
    const { call } = start(true);

    const on = await call<FaultsState>('POST', '/api/faults/pubsub', { name: 'acksLost', share: 0.05 });
    const both = await call<FaultsState>('POST', '/api/faults/pubsub', { name: 'reordered', share: 0.2 });
    const slow = await call<FaultsState>('POST', '/api/faults/slow', { delayMs: 40 });
    const stopped = await call<FaultsState>('POST', '/api/faults/cassandra', { act: 'stop' });
    const off = await call<FaultsState>('POST', '/api/faults/off', {});

    const sharesOf = ({ value }: typeof on) =>
      Object.fromEntries(
        value.pubsub?.faults.filter(({ share }) => share > 0).map(({ name, share }) => [name, share]) ?? [],
      );
    expect([sharesOf(on), sharesOf(both), sharesOf(off)]).toEqual([
      { acksLost: 0.05 },
      { acksLost: 0.05, reordered: 0.2 },
      {},
    ]);
    expect(slow.value.cassandra.delayMs).toBe(40);
    expect(stopped.value.cassandra.state).toBe('stopped');
    expect(off.value.cassandra).toMatchObject({ state: 'stopped', delayMs: 0 });
  });

  it.each([
    ['/api/faults/cassandra', { act: 'kill' }, 'act'],
    ['/api/faults/slow', { delayMs: 10_001 }, 'delayMs'],
    ['/api/faults/slow', { delayMs: -1 }, 'delayMs'],
    ['/api/faults/slow', { delayMs: null }, 'delayMs'],
    ['/api/faults/slow', { delayMs: 1.5 }, 'delayMs'],
    ['/api/faults/pubsub', { name: 'acksLost', share: 0.91 }, 'share'],
    ['/api/faults/pubsub', { name: 'acksLost', share: null }, 'share'],
    ['/api/faults/pubsub', { name: 'seed', share: 0 }, 'name'],
    ['/api/faults/off', { all: true }, 'all'],
    ['/api/faults/off', [], 'body'],
  ])('refuse %s with %o, and name the field', async (path, body, field) => {
    const { call } = start(true);

    const { status, value } = await call<Refusal>('POST', path, body);

    expect(status).toBe(422);
    expect(Object.keys(value.fields ?? {})).toEqual([field]);
    expect(value.error).toContain(`${field}: `);
  });

  it('answer 409 to what cannot be done now', async () => {
    const { call } = start(true);

    expect(await call('POST', '/api/faults/cassandra', { act: 'start' })).toEqual({
      status: 409,
      value: { error: 'expected stopped or died, got running' },
    });
  });
});

describe('sending', () => {
  it('puts what the schema says at its fields, and sends nothing', async () => {
    const { call, published } = start(true);
    const body = JSON.stringify(orderBody(1, { quantity: 0, price: 'x' }));

    const refused = await call<Refusal>('POST', '/api/send', { kind: 'order', body, asItIs: false });
    const noJson = await call<Refusal>('POST', '/api/send', { kind: 'order', body: '{', asItIs: false });

    expect([refused.status, published]).toEqual([422, []]);
    expect(refused.value.error).toBe('nothing was sent');
    expect(refused.value.fields).toEqual({
      quantity: expect.stringMatching(/^expected a whole number from 1 .*, got 0$/),
      price: expect.stringMatching(/^expected a finite number/),
    });
    expect(noJson.value.fields).toEqual({ body: expect.stringMatching(/^expected a JSON object/) });
  });

  it('sends it as it is when it is asked to', async () => {
    const { call, published } = start(true);

    const { status } = await call('POST', '/api/send', { kind: 'payment', body: 'poison', asItIs: true });

    expect([status, published]).toEqual([200, ['payments_data']]);
  });

  it.each([
    [{ kind: 'topic', body: '{}', asItIs: true }, 'kind'],
    [{ kind: 'order', body: 'x'.repeat(65_537), asItIs: true }, 'body'],
    [{ kind: 'order', body: '{}' }, 'asItIs'],
  ])('refuses a malformed request: %#', async (body, field) => {
    const { call, published } = start(true);

    const { status, value } = await call<Refusal>('POST', '/api/send', body);

    expect([status, Object.keys(value.fields ?? {}), published]).toEqual([422, [field], []]);
  });

  it('has a form of messages also when the simulator is away, and says so', async () => {
    const { call } = start(true);

    const { value } = await call<SendForm>('GET', '/api/send/form');

    expect(value.order[0]).toMatchObject({ name: 'order_id', isRequired: true, isNumber: true });
    expect(value.presets).toBeNull();
    expect(value.problem).toContain('the simulator at http://127.0.0.1:1 does not say its fields');
  });

  it('stops no run when none publishes, and starts none that has too many fields', async () => {
    const { call } = start(true);
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`f${index}`, 1]));

    expect(await call('POST', '/api/runs/stop', {})).toEqual({
      status: 409,
      value: { error: 'no run publishes' },
    });
    expect((await call<Refusal>('POST', '/api/runs', many)).value.error).toBe(
      'body: expected at most 64 fields',
    );
  });
});

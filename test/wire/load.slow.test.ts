import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import type { CqlErrorName } from '../support/wire/cqlErrors.ts';
import { OPCODE } from '../support/wire/cqlFrame.ts';
import type { CqlProxy, LaidFault } from '../support/wire/cqlProxy.ts';
import { until } from '../../proof/until.ts';
import { setUpWireCases, within } from '../support/wire/wireCase.ts';
import {
  failAfter,
  fallSilent,
  fallSilentAfter,
  holdAnswer,
  type Strike,
} from '../support/wire/wireFaults.ts';
import { orderTo, paymentTo } from '../support/wire/wireMessages.ts';
import type { WireStack } from '../support/wire/wireStack.ts';
import type { WireStep } from '../support/wire/wireSteps.ts';
import { HANDLE_TIMEOUT_MS } from '../../shared/deadlines.ts';

const AT_ONCE = 100;
const SILENCE_MS = 30_000;
const ROUNDS_OF_AN_OUTAGE = 50;
/** What thousands of messages may leave in memory after an outage: less than a kilobyte each. */
const HEAP_GROWTH_BYTES_MAX = 5 * 1024 * 1024;

const ORDER: WireStep = {
  name: 'an order',
  before: () => [],
  message: orderTo,
  hits: (request) => request.opcode === OPCODE.batch,
};
const PAYMENT: WireStep = {
  name: 'a payment',
  before: (orderId) => [orderTo(orderId)],
  message: (orderId) => paymentTo(orderId),
  hits: (request) => request.opcode === OPCODE.batch,
};

describe.skipIf(!hasCassandra)('a fault under load', () => {
  const { start, nextOrderId, expectAsIfNothingHappened } = setUpWireCases();

  const orderIds = (count: number) => Array.from({ length: count }, nextOrderId);
  const pushAll = (stack: WireStack, step: WireStep, ids: readonly number[]) =>
    within(HANDLE_TIMEOUT_MS, Promise.all(ids.map((orderId) => stack.push(step.message(orderId)))));
  const prepare = async (stack: WireStack, step: WireStep, ids: readonly number[]) => {
    await stack.push(orderTo(nextOrderId()));
    for (const orderId of ids) for (const message of step.before(orderId)) await stack.push(message);
  };
  const always = (proxy: CqlProxy, hits: WireStep['hits'], strike: Strike): LaidFault =>
    proxy.lay({ times: Infinity, hits, strike });
  const expectHealed = async (stack: WireStack, step: WireStep, ids: readonly number[]) => {
    await until('acks', async () => (await pushAll(stack, step, ids)).every((status) => status === 204));
    for (const orderId of ids) await expectAsIfNothingHappened(step, orderId);
  };

  it.for([
    ...(['overloaded', 'unavailable', 'writeTimeout', 'serverError'] as const).map((error) => ({
      what: error as CqlErrorName | 'silence',
      strike: failAfter(error),
    })),
    { what: 'silence' as const, strike: fallSilentAfter },
  ])('of $what, two at once and a hundred: all are given back, none is lost', async ({ strike }) => {
    for (const [step, count] of [
      [ORDER, 2],
      [ORDER, AT_ONCE],
      [PAYMENT, AT_ONCE],
    ] as const) {
      const stack = await start();
      const ids = orderIds(count);
      await prepare(stack, step, ids);
      const laid = always(stack.proxy, step.hits, strike);

      const statuses = await pushAll(stack, step, ids);
      laid.lift();

      expect(new Set(statuses)).toEqual(new Set([503]));
      await expectHealed(stack, step, ids);
    }
  });

  it.for([
    ['is reset', (proxy: CqlProxy) => proxy.resetAll()],
    ['is closed', (proxy: CqlProxy) => proxy.endAll()],
  ] as const)('of a connection that %s with a hundred statements in flight loses none', async ([, die]) => {
    for (const step of [ORDER, PAYMENT]) {
      const stack = await start();
      const ids = orderIds(AT_ONCE);
      await prepare(stack, step, ids);
      const laid = always(stack.proxy, step.hits, holdAnswer(new Promise(() => {})));

      const answers = pushAll(stack, step, ids);
      await until('the statements', () => laid.struck() === AT_ONCE);
      die(stack.proxy);
      laid.lift();

      expect(new Set(await answers)).toEqual(new Set([503]));
      await expectHealed(stack, step, ids);
    }
  });

  it('that lasts long leaves nothing in memory', async () => {
    const stack = await start();
    await prepare(stack, ORDER, []);
    const laid = always(stack.proxy, ORDER.hits, failAfter('overloaded'));
    const ids = orderIds(AT_ONCE);
    await pushAll(stack, ORDER, ids);
    stack.forgetLines();
    const before = heapBytes();

    for (let round = 0; round < ROUNDS_OF_AN_OUTAGE; round += 1) {
      await pushAll(stack, ORDER, ids);
      stack.forgetLines();
    }

    expect(laid.struck()).toBeGreaterThanOrEqual(ROUNDS_OF_AN_OUTAGE * AT_ONCE);
    expect(heapBytes() - before).toBeLessThan(HEAP_GROWTH_BYTES_MAX);
    laid.lift();
    await expectHealed(stack, ORDER, ids.slice(0, 2));
  });

  it(
    'of a node that is silent for half a minute nacks every message in time, and later acks every message',
    {
      timeout: 180_000,
    },
    async () => {
      const stack = await start();
      await prepare(stack, ORDER, []);
      const silence = always(stack.proxy, () => true, fallSilent);
      const silentUntil = performance.now() + SILENCE_MS;
      const given: number[] = [];
      const statuses = new Set<number>();

      await until(
        'the end of the silence',
        async () => {
          const ids = orderIds(2);
          given.push(...ids);
          for (const status of await pushAll(stack, ORDER, ids)) statuses.add(status);
          return performance.now() > silentUntil;
        },
        SILENCE_MS + HANDLE_TIMEOUT_MS,
      );
      silence.lift();
      stack.proxy.unmute();

      expect(statuses).toEqual(new Set([503]));
      expect(stack.outcomes().filter(({ reason }) => reason === 'bug')).toEqual([]);
      await expectHealed(stack, ORDER, given.slice(-AT_ONCE));
      const { open } = stack.proxy.connections();
      expect(open).toBeLessThanOrEqual(2);
    },
  );
});

/** The bytes in use after a full garbage collection. */
const heapBytes = (): number => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
};

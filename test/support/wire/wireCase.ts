import { afterAll, beforeAll, expect } from 'vitest';
import type { CassandraConfig } from '../../../shared/config.ts';
import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createTestKeyspace } from '../cassandra/testKeyspace.ts';
import type { LogLine } from '../functions/recordingLog.ts';
import { until } from '../../../proof/until.ts';
import type { Strike } from './wireFaults.ts';
import { startWireStack, type WireStack } from './wireStack.ts';
import type { WireStep } from './wireSteps.ts';
import { tablesOf } from './wireTables.ts';
import { HANDLE_TIMEOUT_MS } from '../../../shared/deadlines.ts';

/**
 * For so long after a fault a message may still be nacked: the driver tries to connect again every second.
 */
const HEALED_WITHIN_MS = 10_000;

/** Tests one fault at one statement. It uses a keyspace with the fault, and one without to compare. */
interface WireCases {
  readonly config: () => CassandraConfig;
  /** Starts a stack on the keyspace with the fault. It is stopped after the test. */
  readonly start: () => Promise<WireStack>;
  /**
   * Strikes one statement of one message. The message must be nacked before the deadline, and succeed when it
   * is delivered again. The tables must then look as if nothing had happened.
   * @returns the outcome line of the delivery that was struck.
   */
  readonly strikeOnce: (stack: WireStack, step: WireStep, strike: Strike) => Promise<LogLine>;
  readonly expectAsIfNothingHappened: (step: WireStep, orderId: number) => Promise<void>;
  readonly nextOrderId: () => number;
}

/** Creates both keyspaces. Call it inside the `describe` that needs Cassandra. */
export const setUpWireCases = (): WireCases => {
  let harmed: { config: CassandraConfig; client: CassandraClient } | undefined;
  let untouched: { client: CassandraClient; stack: WireStack } | undefined;
  const stacks: WireStack[] = [];
  let lastOrderId = 0;

  const ready = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('only inside a test');
    return part;
  };
  const start = async (): Promise<WireStack> => {
    const stack = await startWireStack(ready(harmed).config);
    stacks.push(stack);
    return stack;
  };
  const nextOrderId = (): number => {
    lastOrderId += 1;
    return lastOrderId;
  };

  beforeAll(async () => {
    harmed = await createTestKeyspace();
    const { config, client } = await createTestKeyspace();
    untouched = { client, stack: await startWireStack(config) };
  });
  afterAll(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    await untouched?.stack.stop();
    await untouched?.client.close();
    await harmed?.client.close();
  });

  const expectAsIfNothingHappened: WireCases['expectAsIfNothingHappened'] = async (step, orderId) => {
    const { client, stack } = ready(untouched);
    for (const message of [...step.before(orderId), step.message(orderId)]) {
      expect(await stack.push(message)).toBe(204);
    }
    expect(await tablesOf(ready(harmed).client, orderId)).toEqual(await tablesOf(client, orderId));
  };

  return {
    config: () => ready(harmed).config,
    start,
    nextOrderId,
    expectAsIfNothingHappened,
    strikeOnce: async (stack, step, strike) => {
      const orderId = nextOrderId();
      for (const message of step.before(orderId)) expect(await stack.push(message)).toBe(204);

      const laid = stack.proxy.lay({ hits: step.hits, strike });
      const status = await within(HANDLE_TIMEOUT_MS, stack.push(step.message(orderId)));
      const line = ready(stack.outcomes().at(-1));
      const struck = laid.struck();
      laid.lift();

      expect({ status, struck }).toEqual({ status: 503, struck: 1 });
      await until(
        'the redelivery to be acked',
        async () => (await stack.push(step.message(orderId))) === 204,
        HEALED_WITHIN_MS,
      );
      await expectAsIfNothingHappened(step, orderId);
      return line;
    },
  };
};

/** Fails when the work takes a second longer than the product's own limit. */
export const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`not settled within ${timeoutMs} ms and one second`)),
    timeoutMs + 1_000,
  );
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
};

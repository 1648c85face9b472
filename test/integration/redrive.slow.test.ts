import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { audit } from '../../shared/audit/audit.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import { redrive, type RedriveDeps, type RedriveResult } from '../../shared/operations/redrive.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import type { Pipeline } from '../support/functions/pipeline.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { ANY_DEAD_LETTER } from '../../shared/operations/deadLetterFilter.ts';

const OPERATION = { operationId: 'op-1', operator: 'ann', because: '' };
const MODES = ['before', 'after'] as const;

/** The steps of a redrive, of which a process may die at any, before it took effect or after. */
const dyingAt = (deps: RedriveDeps, at: number, mode: (typeof MODES)[number]) => {
  const { promise: died, resolve } = Promise.withResolvers<'died'>();
  let calls = 0;
  const step =
    <Args extends readonly unknown[], Result>(run: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1;
      const dies = calls === at;
      if (!dies || mode === 'after') {
        const result = await run(...args);
        if (!dies) return result;
      }
      resolve('died');
      return new Promise(() => {});
    };
  const { store, publisher, clock } = deps;
  return {
    died,
    deps: {
      clock,
      publisher: { publish: step(publisher.publish) },
      store: {
        findPayload: step(store.findPayload),
        findActions: step(store.findActions),
        findOrderRecord: store.findOrderRecord,
        recordAction: step(store.recordAction),
      },
    },
  };
};

describe.skipIf(!hasCassandra)('a redrive', () => {
  const { client, source, start, nextOrderId, recordOf } = setUpIntegration();

  const depsOf = (pipeline: Pipeline): RedriveDeps => ({
    store: createCassandraOperationsStore(client()),
    publisher: createPublisher({ projectId: pipeline.projectId, environment: undefined }),
    clock: Date.now,
  });
  const lettersOf = async (orderIds: readonly number[]): Promise<readonly DeadLetterRow[]> => {
    const store = createCassandraOperationsStore(client());
    const letters = [];
    for (const orderId of orderIds) {
      const filter = { ...ANY_DEAD_LETTER, orderId: BigInt(orderId) };
      for await (const rows of findDeadLetters(store, filter, { nowMs: Date.now() })) letters.push(...rows);
    }
    return letters;
  };
  const go = (deps: RedriveDeps, rows: readonly DeadLetterRow[]): Promise<RedriveResult> =>
    redrive(deps, asAsync(rows), { operation: OPERATION, ratePerSecond: 1_000, limit: 1_000 });
  /** Early payments that have been told, one of each order. */
  const park = async (pipeline: Pipeline, count: number): Promise<readonly number[]> => {
    const orderIds = Array.from({ length: count }, nextOrderId);
    for (const orderId of orderIds) await pipeline.publish('payments_data', paymentBody(orderId));
    await until('told payments', async () => (await lettersOf(orderIds)).length === count);
    return orderIds;
  };
  const expectJoined = async (orderIds: readonly number[]): Promise<void> => {
    for (const orderId of orderIds) {
      await until(
        `order ${orderId}`,
        async () => (await recordOf(orderId)).fact?.payment.paymentId !== undefined,
      );
      expect((await recordOf(orderId)).ledger).toHaveLength(2);
      expect(await lettersOf([orderId])).toHaveLength(1);
    }
    const report = await audit(source(), { patienceMs: 20_000 });
    expect([report.violations, report.suspected]).toEqual([[], []]);
  };
  /** How many times an event of an order was settled by `onPayment`, as a redrive or not. */
  const redrivesIn = (pipeline: Pipeline, orderId: number): number =>
    pipeline
      .outcomes()
      .filter((one) => one.function === 'onPayment' && one.order_id === String(orderId))
      .filter(({ redrive_count }) => Number(redrive_count) > 0).length;

  it.each(MODES)(
    'that dies %s any of its steps is run again, and the ledger stays as it was',
    async (mode) => {
      const pipeline = await start();
      const deps = depsOf(pipeline);
      const orderIds = [];
      let deaths = 0;
      for (let at = 1; ; at += 1) {
        const [orderId = 0] = await park(pipeline, 1);
        orderIds.push(orderId);
        const rows = await lettersOf([orderId]);
        const dying = dyingAt(deps, at, mode);

        const ended = await Promise.race([go(dying.deps, rows), dying.died]);
        if (ended !== 'died') break;
        deaths += 1;
        // It publishes first: what was noted has been sent, whatever died.
        const [row] = rows;
        const noted = row === undefined ? [] : await deps.store.findActions(row);
        if (noted.length > 0) await until('what was noted', () => redrivesIn(pipeline, orderId) > 0, 3_000);
        expect(await go(deps, rows)).toMatchObject({ sent: 1, stopped: undefined });
        await until('a redrive', () => redrivesIn(pipeline, orderId) > 0);
      }

      // It reads the payload and what was done, publishes, and notes that.
      expect(deaths).toBe(4);
      for (const orderId of orderIds) await pipeline.publish('orders_data', orderBody(orderId));
      await expectJoined(orderIds);
    },
  );

  it('that runs twice at once, while the orders come, leaves one entry and one row of each', async () => {
    const pipeline = await start();
    const deps = depsOf(pipeline);
    const orderIds = await park(pipeline, 12);
    const rows = await lettersOf(orderIds);

    const [first, second] = await Promise.all([
      go(deps, rows),
      go(deps, rows.toReversed()),
      ...orderIds.map((orderId) => pipeline.publish('orders_data', orderBody(orderId))),
    ]);
    await until('both redrives', () => orderIds.every((orderId) => redrivesIn(pipeline, orderId) >= 2));

    expect([first, second]).toMatchObject([{ sent: 12 }, { sent: 12 }]);
    await expectJoined(orderIds);
    for (const row of rows) {
      const actions = await createCassandraOperationsStore(client()).findActions(row);
      expect(actions.length).toBeGreaterThanOrEqual(1);
      expect(actions.every(({ kind, redrives }) => kind === 'redriven' && (redrives ?? 0) >= 1)).toBe(true);
    }
  });

  it('of a message that stays invalid comes back as the same dead letter, with its count', async () => {
    const pipeline = await start();
    const deps = depsOf(pipeline);
    const orderId = nextOrderId();
    await pipeline.publish('orders_data', orderBody(orderId, { price: '1,403.00' }));
    await until('a dead letter', async () => (await lettersOf([orderId])).length === 1);
    const before = await lettersOf([orderId]);

    await go(deps, before);
    await until('the count', async () => (await lettersOf([orderId]))[0]?.redriveCount === 1);
    await go(deps, await lettersOf([orderId]));
    await until('the second count', async () => (await lettersOf([orderId]))[0]?.redriveCount === 2);

    const [letter, ...others] = await lettersOf([orderId]);
    expect(others).toEqual([]);
    expect({ ...letter, redriveCount: 0, recordedAtMs: 0 }).toEqual({ ...before[0], recordedAtMs: 0 });
  });

  it('stops at a failed publish, says how far it came, and goes on from there', async () => {
    const pipeline = await start();
    const deps = depsOf(pipeline);
    const rows = await lettersOf(await park(pipeline, 6));
    let published = 0;
    const failing: RedriveDeps = {
      ...deps,
      publisher: {
        publish: async (...args) => {
          published += 1;
          if (published === 4) throw new Error('no confirmation');
          return deps.publisher.publish(...args);
        },
      },
    };

    const slow = redrive(failing, asAsync(rows), { operation: OPERATION, ratePerSecond: 20, limit: 100 });

    await expect(slow).rejects.toMatchObject({
      name: 'RedriveFailedError',
      // A later message may have begun before the failure was known.
      result: { doneUpTo: { id: rows[2]?.id } },
    });
    expect(await go(deps, rows.slice(3))).toMatchObject({ sent: 3, doneUpTo: { id: rows[5]?.id } });
  });
});

async function* asAsync<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) {
    await turn();
    yield item;
  }
}

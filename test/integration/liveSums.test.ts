import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLiveSums } from '../../console/sums/liveSums.ts';
import { until } from '../../proof/until.ts';
import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createFeedWorld } from '../support/console/feedWorld.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

const EARLIER = 40;
const ORDERS = 60;

describe.skipIf(!hasCassandra)('the live sums, on Cassandra', () => {
  let client: CassandraClient;
  const openStore = () => ({ ...createCassandraStore(client), ...createCassandraOperationsStore(client) });

  beforeAll(async () => {
    ({ client } = await createTestKeyspace());
  });
  afterAll(() => client.close());

  it('add up while messages arrive, in tables that an earlier run has left', async () => {
    const earlier = createFeedWorld({ store: openStore() });
    for (let id = 1; id <= EARLIER; id += 1) earlier.publish('orders_data', orderBody(id));
    earlier.publish('orders_data', 'no order');
    await earlier.untilSettled();
    await earlier.stop();
    const endedAtMs = Date.now();
    await until('a later millisecond', () => Date.now() > endedAtMs);
    const world = createFeedWorld({ store: openStore() });
    const parts: string[] = [];
    const live = createLiveSums({
      source: world.store,
      books: world.feed.books,
      clock: Date.now,
      onChanged: () => void parts.push(partOf(live.sums().progress)),
      onAnswer: () => {},
      onBug: () => {},
    });

    for (let id = 1; id <= ORDERS; id += 1) {
      world.publish('payments_data', paymentBody(1_000 + id));
      world.publish('orders_data', id % 20 === 0 ? 'no order' : orderBody(1_000 + id));
    }
    const during = await until('sums during the traffic', () => {
      const sums = live.sums();
      return sums.passAtMs === null ? undefined : sums;
    });
    await world.untilSettled();
    const settledAtMs = Date.now();
    const after = await until('sums after it', () => {
      live.again();
      return live.sums().countedAtMs > settledAtMs ? live.sums() : undefined;
    });
    await live.stop();
    await world.stop();

    expect(during.sums.map(({ offBy }) => offBy)).toEqual([0, 0, 0]);
    expect(after.sums.map(({ name, total, offBy }) => ({ name, total, offBy }))).toEqual([
      // The two poisonous bodies of this run may share a millisecond, and then they are one event.
      { name: 'messages published', total: expect.any(Number), offBy: 0 },
      { name: 'orders', total: EARLIER + ORDERS - ORDERS / 20, offBy: 0 },
      { name: 'payments', total: ORDERS, offBy: 0 },
    ]);
    expect(after.sums[0]?.note).toContain(`${EARLIER + 1} of them were there before`);
    expect(after).toMatchObject({ lost: 0, violations: 0, waiting: { count: ORDERS / 20 } });
    expect(parts).toContain('16 of 32');
  });
});

const partOf = (progress: { readonly done: number; readonly of: number } | null): string =>
  progress === null ? 'all' : `${progress.done} of ${progress.of}`;

import { describe, expect, it } from 'vitest';
import { countPass } from '../../../console/sums/countPass.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { OrderRecord } from '../../../shared/store/auditSource.ts';
import { createFeedWorld } from '../../support/console/feedWorld.ts';
import { orderBody } from '../../support/messages/bodies.ts';

/** How often a pass over so many orders, with one entry each, asks how long to pause. */
const pausesOf = async (orders: number): Promise<{ readonly asked: number; readonly isLarge: boolean }> => {
  const record = await oneRecord();
  let asked = 0;
  const { isLarge, totals } = await countPass({
    source: {
      ...createMemoryStore(),
      scanOrders: async function* () {
        for (let id = 1; id <= orders; id += 1) yield { ...record, orderId: BigInt(id) };
      },
    },
    snapshot: undefined,
    startedAtMs: 0,
    clock: Date.now,
    pausePerWork: () => {
      asked += 1;
      return 0;
    },
    onProgress: () => {},
    onSuspicion: () => {},
    signal: new AbortController().signal,
  });
  expect(totals.orderEntries.count).toBe(orders);
  return { asked, isLarge };
};

const oneRecord = async (): Promise<OrderRecord> => {
  const world = createFeedWorld();
  world.publish('orders_data', orderBody(1));
  await world.untilSettled();
  await world.stop();
  const record = await world.store.findOrderRecord(1n);
  if (record === undefined) throw new Error('expected the order that was published');
  return record;
};

describe('a pass over the tables', () => {
  it('does not pause in small ones, however long their reads take', async () => {
    expect(await pausesOf(10_000)).toEqual({ asked: 0, isLarge: false });
  });

  it('pauses in large ones', async () => {
    const { asked, isLarge } = await pausesOf(10_100);

    expect(isLarge).toBe(true);
    expect(asked).toBeGreaterThan(0);
  });
});

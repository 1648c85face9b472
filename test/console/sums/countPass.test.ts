import { describe, expect, it } from 'vitest';
import { countPass } from '../../../console/sums/countPass.ts';
import { SUSPECTED_MAX } from '../../../console/sums/suspicions.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource, OrderRecord } from '../../../shared/store/auditSource.ts';
import { createFeedWorld } from '../../support/console/feedWorld.ts';
import { orderBody } from '../../support/messages/bodies.ts';

const OPTIONS = {
  snapshot: undefined,
  startedAtMs: 0,
  clock: Date.now,
  pausePerWork: () => 0,
  onProgress: () => {},
  onSuspicion: () => {},
  signal: new AbortController().signal,
};

/** A source with so many orders that look like this one. */
const recordsOf = (record: OrderRecord, orders: number): AuditSource => ({
  ...createMemoryStore(),
  scanOrders: async function* () {
    for (let id = 1; id <= orders; id += 1) yield { ...record, orderId: BigInt(id) };
  },
});

/** How often a pass over so many orders, with one entry each, asks how long to pause. */
const pausesOf = async (orders: number): Promise<{ readonly asked: number; readonly isLarge: boolean }> => {
  const record = await oneRecord();
  let asked = 0;
  const { isLarge, totals } = await countPass({
    ...OPTIONS,
    source: recordsOf(record, orders),
    pausePerWork: () => {
      asked += 1;
      return 0;
    },
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

  it('looks again at so many suspected subjects, and says that there were more', async () => {
    const record = { ...(await oneRecord()), fact: undefined };
    const orders = SUSPECTED_MAX + 1;
    const read = new Map<bigint, number>();
    let found = 0;

    const { isCut } = await countPass({
      ...OPTIONS,
      source: {
        ...recordsOf(record, orders),
        findOrderRecord: async (orderId) => {
          read.set(orderId, (read.get(orderId) ?? 0) + 1);
          return { ...record, orderId };
        },
      },
      onSuspicion: () => {
        found += 1;
      },
    });

    expect({ isCut, found }).toEqual({ isCut: true, found: SUSPECTED_MAX });
    expect([...read.values()].filter((reads) => reads > 1)).toHaveLength(SUSPECTED_MAX);
  });
});

import { expect, it } from 'vitest';
import { findParked } from '../../../shared/operations/findParked.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';

it('finds the payments that wait since before a time, and that nobody has discarded', async () => {
  const store = createMemoryStore();
  const early = (number: number, orderId: bigint) =>
    paymentEntry(number, { orderId, paymentId: BigInt(number) });
  await acceptAll(
    store,
    early(1, 1n),
    early(2, 1n),
    early(0, 2n),
    early(4, 3n),
    orderEntry(5, { orderId: 2n }),
    decisionEntry(6, { orderId: 3n, decision: 'discarded', ref: stamp(4).eventId }),
  );
  const progress: number[] = [];

  const parked = await Array.fromAsync(
    findParked(store, { beforeMs: stamp(2).publishedAtMs, onProgress: (orders) => progress.push(orders) }),
  );

  expect(parked).toEqual([{ orderId: 1n, paymentId: 1n, sinceMs: stamp(1).publishedAtMs }]);
  expect(progress).toEqual([1, 2, 3]);
});

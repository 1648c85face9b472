import { describe, expect, it } from 'vitest';
import { audit } from '../../../shared/audit/audit.ts';
import { ANY_DEAD_LETTER, type DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { discard } from '../../../shared/operations/discard.ts';
import { findParked } from '../../../shared/operations/findParked.ts';
import { selectDiscardable } from '../../../shared/operations/selectDiscardable.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const NOW_MS = PUBLISHED_AT_MS + 40 * 86_400_000;
const MANDATE = { operationId: 'op-1', operator: 'ann', because: 'the order was never placed' };
const OF_ORDER: DeadLetterFilter = { ...ANY_DEAD_LETTER, orderId: 18n, state: 'open' };
const early = (number: number) => paymentEntry(number, { orderId: 18n, paymentId: BigInt(number) });

/** Payment 1 has its dead letter, that of payment 2 has expired, and one that never expires is the order. */
const setUp = async () => {
  const store = { ...createMemoryStore(), mayHaveExpired: async () => true };
  await acceptAll(store, early(1));
  await recordOnly(store, early(2));
  await store.recordDeadLetter(deadLetterOf(3, { reason: 'invalid', orderId: 18n }));
  const select = (changes: Partial<DeadLetterFilter>) =>
    Array.fromAsync(selectDiscardable(store, { ...OF_ORDER, ...changes }, { nowMs: NOW_MS }));
  return { store, select };
};

describe('what a discard takes', () => {
  it.each([
    ['of an order', {}, [1, 3, 2]],
    ['of what waits for it', { reasons: ['unmatched'] }, [1, 2]],
    ['of what is invalid', { reasons: ['invalid'] }, [3]],
    ['of a payment', { paymentId: 2n }, [2]],
    ['of a time', { untilMs: stamp(1).publishedAtMs }, [1]],
    ['of another order', { orderId: 19n }, []],
    ['that is closed', { state: 'closed' }, []],
    ['of all orders', { orderId: undefined }, [1, 3]],
  ] as const)(
    '%s: also payments that wait and whose dead letters have expired',
    async (_what, changes, numbers) => {
      const { select } = await setUp();

      const rows = await select(changes);

      expect(rows.map(({ id }) => id)).toEqual(numbers.map((number) => stamp(number).eventId));
    },
  );

  it('is parked no more when it is discarded, and the audit is silent', async () => {
    const { store, select } = await setUp();

    for (const row of await select({ reasons: ['unmatched'] }))
      await discard({ store, clock: () => NOW_MS }, row, MANDATE);

    expect(await select({ reasons: ['unmatched'] })).toEqual([]);
    expect(await Array.fromAsync(findParked(store, { beforeMs: NOW_MS }))).toEqual([]);
    const report = await audit(store, { patienceMs: 0 });
    expect(report).toMatchObject({ parked: 0, discarded: 2, oldestParkedSeconds: undefined });
    expect([report.violations, report.suspected]).toEqual([[], []]);
  });

  it('is nothing when the order came', async () => {
    const { store, select } = await setUp();
    await acceptAll(store, orderEntry(4, { orderId: 18n }));

    expect((await select({ reasons: ['unmatched'] })).map(({ id }) => id)).toEqual([]);
  });
});

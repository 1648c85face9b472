import { describe, expect, it, onTestFinished } from 'vitest';
import { accept } from '../../shared/protocol/accept.ts';
import { LEDGER_ENTRIES_MAX } from '../../shared/store/store.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { numbers, openCassandra, writeAll } from '../support/cassandra/manyRows.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';

const ORDER = 1n;

describe.skipIf(!hasCassandra)('a ledger that grows without end, on a real Cassandra', () => {
  it('is read whole up to its limit; beyond it the row stays as it was, and each event is still recorded and told', async () => {
    const { store, source } = await openCassandra();
    onTestFinished(() => store.close());
    await accept(orderEntry(0), { store, tell: async () => {} });
    // With the order, the ledger has as many entries as are read.
    await writeAll(
      numbers(LEDGER_ENTRIES_MAX - 1).map((number) => () => store.recordEntry(paymentEntry(number + 1))),
    );
    const whole = await store.findEntries(ORDER, false);
    const last = paymentEntry(LEDGER_ENTRIES_MAX, { paymentId: 7n });
    const told: string[] = [];

    const settlement = await accept(last, {
      store,
      tell: async (reports) => void told.push(...reports.map(({ reason }) => reason)),
    });

    expect([whole.entries.length, whole.isWhole]).toEqual([LEDGER_ENTRIES_MAX, true]);
    expect((await store.findEntries(ORDER, false)).isWhole).toBe(false);
    expect(settlement.kind).toBe('ack');
    expect(told).toContain('too_many');
    const { fact, ledger } = await source.findOrderRecord(ORDER);
    expect(fact?.order.item).toBe('Laptop');
    expect(fact?.payment.paymentId).toBeUndefined();
    expect(ledger).toHaveLength(LEDGER_ENTRIES_MAX + 1);
  });
});

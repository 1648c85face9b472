import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { collectLedger } from '../../../shared/store/collectLedger.ts';
import { LEDGER_CHARACTERS_MAX, LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const collect = (entries: Iterable<LedgerEntry>, isComplete = false) => {
  const ledger = collectLedger(isComplete);
  for (const entry of entries) if (ledger.add(entry)) break;
  return ledger.read();
};

describe('a read of the ledger', () => {
  it('is over at the first version that is older than the newest', () => {
    const [newest, rival, older, oldest] = [
      { ...orderEntry(1), atMs: 9 },
      { ...orderEntry(2), atMs: 9 },
      { ...orderEntry(3), atMs: 8 },
      { ...orderEntry(4), atMs: 7 },
    ];
    const payment = paymentEntry(5);

    const read = collect([payment, newest, rival, older, oldest]);

    expect(read).toEqual({ entries: [payment, newest, rival, older], isWhole: true });
  });

  it('is not whole beyond its number of entries', () => {
    const payments = Array.from({ length: LEDGER_ENTRIES_MAX + 1 }, (_, number) => paymentEntry(number));

    const { entries, isWhole } = collect(payments);

    expect([entries.length, isWhole]).toEqual([LEDGER_ENTRIES_MAX, false]);
  });

  it('is not whole beyond its number of characters', () => {
    const text = 'x'.repeat(2_000);
    const count = LEDGER_CHARACTERS_MAX / text.length + 1;
    const payments = Array.from({ length: count }, (_, number) =>
      paymentEntry(number, { paymentDatetime: text }),
    );

    const { entries, isWhole } = collect(payments);

    expect(isWhole).toBe(false);
    expect(entries.length).toBeLessThan(count);
  });

  it('reads everything for an erasure', () => {
    const versions = Array.from({ length: LEDGER_ENTRIES_MAX + 5 }, (_, number) => ({
      ...orderEntry(number),
      atMs: LEDGER_ENTRIES_MAX + 5 - number,
    }));

    const { entries, isWhole } = collect(versions, true);

    expect([entries.length, isWhole]).toEqual([versions.length, true]);
  });
});

import { describe, expect, it } from 'vitest';
import { dryRun } from '../../../../console/server/deadLetters/dryRun.ts';
import type { CountedLetters } from '../../../../console/server/deadLetters/selectLetters.ts';
import { deadLetterKeyOf } from '../../../../shared/domain/deadLetter.ts';
import { ANY_DEAD_LETTER } from '../../../../shared/operations/deadLetterFilter.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { refusedOrder } from '../../../support/console/deadLetterWorld.ts';

const letter = refusedOrder(1);
const row = { ...letter, ...deadLetterKeyOf(letter) };

/** A selection without an end: the same letter, again and again. */
const endless = (counted: CountedLetters) => {
  const reads = { rows: 0, ledgers: 0 };
  const store = {
    ...createMemoryStore(),
    findPayload: async () => letter.payload,
    findLedger: async () => {
      reads.ledgers += 1;
      return [];
    },
  };
  const rows = async function* () {
    for (;;) {
      reads.rows += 1;
      yield row;
    }
  };
  const run = (signal = new AbortController().signal) =>
    dryRun(store, { filter: ANY_DEAD_LETTER, said: '', rows, counted }, { nowMs: 0, signal });
  return { reads, run };
};

describe('a dry run of many', () => {
  it.each([
    [{ count: 25_000, isExact: true }, 'behind the first 10,000', 15_000],
    [{ count: 25_000, isExact: false }, 'behind the first 10,000, and at most so many', 15_000],
  ])('reads no more than it looks at, and takes the rest from the list: %o', async (counted, text, count) => {
    const { reads, run } = endless(counted);

    const said = await run();

    expect(said).toMatchObject({ selected: 25_000, sends: 10_000, will: '1 order becomes visible.' });
    expect(said.terms).toMatchObject([
      { kind: 'send', text: 'orders_data', count: 10_000 },
      { kind: 'not looked at', text, count },
    ]);
    expect(reads.rows).toBeLessThan(10_200);
    // Ten thousand letters of one order are one read of its ledger.
    expect(reads.ledgers).toBe(1);
  });

  it('ends when nobody waits for it any more', async () => {
    const { reads, run } = endless({ count: 25_000, isExact: true });

    await expect(run(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(reads.rows).toBeLessThan(200);
  });
});

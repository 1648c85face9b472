import { describe, expect, it } from 'vitest';
import type { LetterSnapshot } from '../../../../console/server/deadLetters/letterIndex.ts';
import { letterPage } from '../../../../console/server/deadLetters/letterPage.ts';
import { createToLetter, type IndexedLetter } from '../../../../console/server/deadLetters/toLetter.ts';
import { deadLetterRow } from '../../../support/messages/records.ts';

const FILTER = { reason: '', kind: '', topic: '', age: '', state: 'open', text: '' } as const;
const NOW_MS = Date.UTC(2026, 0, 1);

/** Dead letters of which nobody knows whether they are open, the newest first. All of them would be. */
const setUp = (count: number) => {
  const toLetter = createToLetter();
  const letters = Array.from({ length: count }, (_, number) =>
    toLetter(deadLetterRow(number, { publishedAtMs: NOW_MS - number, day: '2025-12-31' })),
  );
  const looks: number[] = [];
  const index = {
    lookAt: async (some: readonly IndexedLetter[]) => {
      looks.push(some.length);
      for (const letter of some) letter.isOpen = true;
    },
    reading: () => null,
    problem: () => null,
    snapshot: () => undefined,
    noteClosed: () => {},
    lookAgain: async () => {},
    close: () => {},
  };
  const snapshot: LetterSnapshot = { letters, all: count, firstDay: '2025-12-31', countedAtMs: NOW_MS };
  const pageOf = (changes: Partial<Parameters<typeof letterPage>[2]>, page = 1, signal = neverAborted()) =>
    letterPage(
      index,
      snapshot,
      { ...FILTER, ...changes },
      { nowMs: NOW_MS + 60_000, sort: 'oldest', page, signal },
    );
  return { letters, looks, pageOf };
};

const neverAborted = () => new AbortController().signal;

describe('a page of many dead letters', () => {
  it('looks at as many as it takes to fill it, and says how many it has not looked at', async () => {
    const { looks, pageOf } = setUp(5_000);

    const page = await pageOf({});

    // A slice, and then the rows that are shown once more.
    expect(looks).toEqual([64, 50]);
    expect(page.rows).toHaveLength(50);
    expect(page).toMatchObject({ fits: 64, notLookedAt: 4_936, open: null, lookedAt: 64, all: 5_000 });
    expect(page.groups[0]).toMatchObject({ kind: null, all: 5_000, open: null });
  });

  it('has the command of a discard, which for an order has no first day: letters may have expired', async () => {
    const { pageOf } = setUp(1);

    expect((await pageOf({ reason: 'invalid' })).discard).toContain('--since 2025-12-31');
    expect((await pageOf({ text: '18' })).discard).toMatch(/^npx tally dlq discard --order 18 /);
    expect((await pageOf({ text: '18' })).discard).not.toContain('--since');
  });

  it('says of digits that find nothing what they were looked for', async () => {
    const { pageOf } = setUp(1);

    expect(await pageOf({ text: '99' })).toMatchObject({
      said: 'order 99, state open, and no payment and no error has 99',
      groups: [],
      fits: 0,
    });
    expect(await pageOf({ text: 'order 99' })).toMatchObject({ said: 'order 99, state open' });
  });

  it('counts what fits and what nobody has looked at in one moment, while others are looked at', async () => {
    const { letters, looks, pageOf } = setUp(5_000);
    const page = pageOf({});
    // Until the rows that are shown are looked at once more.
    while (looks.length < 2) await Promise.resolve();
    for (const letter of letters) letter.isOpen = true;

    const { fits, notLookedAt } = await page;

    expect(fits + notLookedAt).toBe(5_000);
  });

  it('gives up after a bounded number of looks where nothing fits', async () => {
    const { looks, pageOf } = setUp(5_000);

    const page = await pageOf({ state: 'closed' });

    expect(looks.reduce((sum, one) => sum + one, 0)).toBe(1_024);
    expect(page).toMatchObject({ fits: 0, notLookedAt: 3_976, rows: [] });
  });

  it('looks only at what it shows where the filter asks for no state', async () => {
    const { looks, pageOf } = setUp(5_000);

    expect(await pageOf({ state: 'any' }, 3)).toMatchObject({ fits: 5_000, notLookedAt: 0, page: 3 });
    expect(looks).toEqual([50]);
  });

  it('stops when nobody waits for it any more', async () => {
    const { looks, pageOf } = setUp(5_000);

    await expect(pageOf({}, 1, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(looks).toEqual([]);
  });

  it('knows how many are open, and since when, once somebody has looked at each', async () => {
    const { letters, pageOf } = setUp(120);
    for (const [index, letter] of letters.entries()) {
      letter.isOpen = index >= 100;
      letter.lookedAtMs = NOW_MS + index;
    }

    const page = await pageOf({});

    expect(page).toMatchObject({ open: 20, fits: 20, notLookedAt: 0, lookedAt: 120, lookedSinceMs: NOW_MS });
    expect(page.groups[0]).toMatchObject({ open: 20, all: 120, oldestMs: NOW_MS - 119 });
  });
});

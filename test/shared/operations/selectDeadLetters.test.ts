import { describe, expect, it } from 'vitest';
import { selectDeadLetters } from '../../../shared/operations/selectDeadLetters.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { deadLetterOf } from '../../support/messages/records.ts';
import { ANY_DEAD_LETTER } from '../../../shared/operations/deadLetterFilter.ts';

/** More than are looked at together. */
const LETTERS = 70;

describe('the dead letters that a filter asks for', () => {
  it.each([
    [undefined, LETTERS],
    ['open', LETTERS],
    ['closed', 0],
  ] as const)('are each there once, with the state %s too', async (state, count) => {
    const store = createMemoryStore();
    for (let number = 0; number < LETTERS; number += 1) {
      await store.recordDeadLetter(deadLetterOf(number, { reason: 'invalid', orderId: undefined }));
    }
    const progress: number[] = [];
    const filter = { ...ANY_DEAD_LETTER, state, sinceMs: PUBLISHED_AT_MS, untilMs: PUBLISHED_AT_MS + 60_000 };

    const found = await Array.fromAsync(
      selectDeadLetters(store, filter, {
        nowMs: PUBLISHED_AT_MS,
        onProgress: (rows) => progress.push(rows),
      }),
    );

    expect(found).toHaveLength(count);
    expect(new Set(found.map(({ id }) => id)).size).toBe(count);
    expect(progress.at(-1)).toBe(LETTERS);
  });
});

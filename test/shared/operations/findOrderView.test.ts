import { describe, expect, it } from 'vitest';
import type { DeadLetterKey } from '../../../shared/domain/deadLetter.ts';
import { findOrderView } from '../../../shared/operations/findOrderView.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { deadLetterRow } from '../../support/messages/records.ts';

/** An order with so many dead letters. */
const viewOf = (count: number) => {
  const rows = new Map(
    Array.from({ length: count }, (_, index) => deadLetterRow(index, { reason: 'invalid' })).map((row) => [
      row.id,
      row,
    ]),
  );
  const store = {
    ...createMemoryStore(),
    scanPlacesOfOrder: async function* () {
      yield [...rows.values()];
    },
    findDeadLetters: async ({ id }: DeadLetterKey) => [rows.get(id)].filter((row) => row !== undefined),
  };
  return findOrderView(store, 1n, PUBLISHED_AT_MS);
};

describe('the view of an order', () => {
  it.each([
    [10_000, false],
    [10_001, true],
  ])(
    'of %d dead letters has no more than ten thousand, and says whether there are more: %s',
    async (count, isCut) => {
      const { deadLetters, areDeadLettersCut } = await viewOf(count);

      expect([deadLetters.length, areDeadLettersCut]).toEqual([10_000, isCut]);
    },
  );
});

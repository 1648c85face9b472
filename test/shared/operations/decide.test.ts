import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/operations/decide.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

describe('a decision', () => {
  const decided = { orderId: 1n, decision: 'resolved', ref: 'a', decidedAtMs: PUBLISHED_AT_MS } as const;
  const mandate = { operationId: 'op-1', operator: 'ann', because: 'it is paid back' };

  it('has an id like those of events, and says who decided it and why', async () => {
    const store = createMemoryStore();

    await decide(store, decided, mandate);

    expect((await store.findOrderRecord(1n)).ledger.map(({ entry }) => entry)).toEqual([
      {
        kind: 'decision',
        orderId: 1n,
        decision: 'resolved',
        ref: 'a',
        because: 'it is paid back',
        decidedBy: 'ann',
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        publishedAtMs: PUBLISHED_AT_MS,
        atMs: PUBLISHED_AT_MS,
      },
    ]);
  });

  it.each([
    ['the same', {}, {}, 1],
    ['about another dead letter', { ref: 'b' }, {}, 2],
    ['of another kind', { decision: 'discarded' }, {}, 2],
    ['in another operation', {}, { operationId: 'op-2' }, 2],
  ] as const)('and one %s are so many entries', async (_what, otherDecided, otherMandate, entries) => {
    const store = createMemoryStore();

    await decide(store, decided, mandate);
    await decide(store, { ...decided, ...otherDecided }, { ...mandate, ...otherMandate });

    expect((await store.findOrderRecord(1n)).ledger).toHaveLength(entries);
  });
});

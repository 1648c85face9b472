import { describe, expect, it } from 'vitest';
import { createLetterIndex } from '../../../../console/server/deadLetters/letterIndex.ts';
import { until } from '../../../../proof/until.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { refusedOrder } from '../../../support/console/deadLetterWorld.ts';

/** More than are looked at before a count is shown. */
const MANY = 2_200;

const setUp = async (letters: number) => {
  const memory = createMemoryStore();
  for (let order = 1; order <= letters; order += 1) await memory.recordDeadLetter(refusedOrder(order));
  const reads = { ledgers: 0, now: 0, most: 0 };
  const world = { nowMs: Date.now(), onLedger: () => {} };
  const store = {
    ...memory,
    findLedger: async (orderId: bigint) => {
      reads.ledgers += 1;
      reads.now += 1;
      reads.most = Math.max(reads.most, reads.now);
      world.onLedger();
      const ledger = await memory.findLedger(orderId);
      reads.now -= 1;
      return ledger;
    },
  };
  const index = createLetterIndex(store, () => world.nowMs);
  const states = () => (index.snapshot()?.letters ?? []).map(({ isOpen }) => isOpen);
  const untilCounted = () => until('a count', async () => index.snapshot() !== undefined);
  return { memory, reads, world, index, states, untilCounted };
};

describe('the index of dead letters', () => {
  it('shows few with their states, all of one moment', async () => {
    const { states, untilCounted } = await setUp(3);

    await untilCounted();

    expect(states()).toEqual([true, true, true]);
  });

  it('counts many before it looks at any ledger, and then reads few at the same time', async () => {
    const { index, reads, states, untilCounted } = await setUp(MANY);
    // Asking starts the looks, so this asks only for what is there.
    await untilCounted();
    expect(index.snapshot()).toMatchObject({ all: MANY });

    await until('all states', async () => states().every((isOpen) => isOpen === true));

    expect(reads).toMatchObject({ ledgers: MANY, most: 32 });
  });

  it('stops when nobody has asked for ten seconds, and goes on with the others for who comes back', async () => {
    const { index, reads, states, world, untilCounted } = await setUp(MANY);
    world.onLedger = () => {
      if (reads.ledgers === 600) world.nowMs += 10_001;
    };
    await untilCounted();
    index.snapshot();
    await until('nobody looks', async () => reads.ledgers >= 600 && reads.now === 0);
    const before = reads.ledgers;

    await until('all states', async () => states().every((isOpen) => isOpen === true));

    expect(before).toBe(1_024);
    expect(reads.ledgers).toBe(MANY);
  });

  it('looks at nothing any more when it is closed', async () => {
    const { index, reads, untilCounted } = await setUp(MANY);
    await untilCounted();
    index.snapshot();
    index.close();
    let last = -1;
    await until('nobody looks', async () => {
      const isStill = last === reads.ledgers;
      last = reads.ledgers;
      return isStill;
    });

    expect(reads.ledgers).toBeLessThanOrEqual(512);
  });

  it('keeps what it knows of a letter, unless it was told again', async () => {
    const { memory, index, states, world, untilCounted } = await setUp(MANY);
    await untilCounted();
    await until('all states', async () => states().every((isOpen) => isOpen === true));
    const first = index.snapshot();
    await memory.recordDeadLetter(refusedOrder(7, { redriveCount: 1 }));
    world.nowMs += 60_000;

    await until('a new count', async () => index.snapshot() !== first);

    const second = index.snapshot();
    const changed = second?.letters.filter((letter) => !first?.letters.includes(letter));
    expect(changed).toMatchObject([{ orderId: 7n, redriveCount: 1 }]);
    expect(second).toMatchObject({ all: MANY });
  });
});

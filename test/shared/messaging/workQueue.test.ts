import { describe, expect, it } from 'vitest';
import { createWorkQueue } from '../../../shared/messaging/workQueue.ts';

/** Works that finish when the test says so, and what became of each. */
const setUp = (limits: Partial<Parameters<typeof createWorkQueue>[0]> = {}) => {
  let nowMs = 0;
  const now = (): number => nowMs;
  const queue = createWorkQueue({ messagesMax: 2, bytesMax: 100, waitMaxMs: 1_000, now, ...limits });
  const running = new Map<string, () => void>();
  const givenBack: string[] = [];
  return {
    queue,
    add: (name: string, bytes = 10) =>
      queue.add({
        bytes,
        run: async () => {
          const { promise, resolve } = Promise.withResolvers<void>();
          running.set(name, resolve);
          await promise;
          running.delete(name);
        },
        giveBack: (why) => givenBack.push(`${name} ${why}`),
      }),
    running: () => [...running.keys()],
    finish: async (name: string) => {
      running.get(name)?.();
      await new Promise(setImmediate);
    },
    givenBack: () => givenBack,
    pass: (ms: number) => void (nowMs += ms),
  };
};

describe('the worker’s queue', () => {
  it('has so many messages in hand at most, and takes the next ones in their order', async () => {
    const { queue, add, running, finish } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) add(name);
    expect(running()).toEqual(['a', 'b']);

    await finish('b');

    expect(running()).toEqual(['a', 'c']);
    expect(queue.inHand()).toBe(2);
  });

  it('gives back what has waited for too long, and handles what came later', async () => {
    const { add, running, finish, givenBack, pass } = setUp({ messagesMax: 1 });
    for (const name of ['a', 'b', 'c']) add(name);
    pass(400);
    add('d');
    pass(601);

    await finish('a');

    expect(givenBack()).toEqual(['b waited too long', 'c waited too long']);
    expect(running()).toEqual(['d']);
  });

  it('gives back what has waited for too long when something comes, though nothing is finished', () => {
    const { add, running, givenBack, pass } = setUp({ messagesMax: 1 });
    for (const name of ['a', 'b']) add(name);
    pass(1_000);
    add('c');
    expect(givenBack()).toEqual([]);

    pass(1);
    add('d');

    expect(givenBack()).toEqual(['b waited too long']);
    expect(running()).toEqual(['a']);
  });

  it('has so many bytes in hand at most', async () => {
    const { add, running, finish } = setUp({ messagesMax: 10 });
    add('a', 60);
    add('b', 60);
    add('c', 10);
    expect(running()).toEqual(['a']);

    await finish('a');

    expect(running()).toEqual(['b', 'c']);
  });

  it('fills its limit of bytes to the last one', () => {
    const { add, running } = setUp({ messagesMax: 10 });

    add('a', 60);
    add('b', 40);
    add('c', 1);

    expect(running()).toEqual(['a', 'b']);
  });

  it('handles a message alone that is larger than the limit', async () => {
    const { add, running, finish } = setUp();
    add('a');
    add('large', 1_000);
    add('b');
    expect(running()).toEqual(['a']);

    await finish('a');
    expect(running()).toEqual(['large']);
    await finish('large');

    expect(running()).toEqual(['b']);
  });

  it('gives back at its stop what waits and what comes later, and finishes what is in hand', async () => {
    const { queue, add, running, finish, givenBack } = setUp();
    for (const name of ['a', 'b', 'c']) add(name);
    expect(queue.waiting()).toBe(1);

    queue.stop();
    add('d');
    await finish('a');

    expect(givenBack()).toEqual(['c stopped', 'd stopped']);
    expect(running()).toEqual(['b']);
    expect(queue.inHand()).toBe(1);
  });
});

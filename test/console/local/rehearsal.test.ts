import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedFrame } from '../../../console/feed/feed.ts';
import { createQuietFeed } from '../../../console/feed/quietFeed.ts';
import { createRehearsal, type Rehearsal } from '../../../console/local/rehearsal.ts';
import { createQuietSums } from '../../../console/sums/quietSums.ts';
import { startMemoryStore } from '../../../local/cassandra/startMemoryStore.ts';
import { faultSettingsSchema } from '../../../local/pubsub/server/faults.ts';
import { errorOf } from '../../support/errorOf.ts';
import { localControls } from '../../support/console/localControls.ts';

const NOW_MS = Date.UTC(2026, 10, 28, 14, 30);
let rehearsal: Rehearsal | undefined;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS });
});
afterEach(() => {
  rehearsal?.close();
  vi.useRealTimers();
});

const inputs = (orders: number | null, payments: number | null): FeedFrame['edges']['subscriptions'] => {
  const edge = { perSecond: null, oldestMs: null, forwarded: null };
  return {
    'orders_data-sub': { ...edge, backlog: orders },
    'payments_data-sub': { ...edge, backlog: payments },
    'dlq_orders_data-sub': { ...edge, backlog: 1_000 },
  };
};

const start = (changes: Partial<ReturnType<typeof localControls>['local']> = {}) => {
  const clock = () => Date.now();
  const controls = localControls({ clock });
  const quiet = createQuietFeed(clock);
  let subscriptions = inputs(0, 0);
  const feed = {
    open: (...args: Parameters<typeof quiet.open>) => {
      const reader = quiet.open(...args);
      return {
        ...reader,
        next: (): FeedFrame => {
          const frame = reader.next();
          return { ...frame, edges: { ...frame.edges, subscriptions } };
        },
      };
    },
  };
  const local = { ...controls.local, ...changes };
  rehearsal = createRehearsal({ local, feed, sums: createQuietSums(), clock });
  return {
    ...controls,
    rehearsal,
    setBacklog: (...counts: Parameters<typeof inputs>) => void (subscriptions = inputs(...counts)),
    said: () => rehearsal?.state().done.map(({ text }) => text) ?? [],
  };
};
const settings = (changes: object) => faultSettingsSchema.parse(changes);

describe('a rehearsal', () => {
  it('of an outage says on every view that Cassandra is away, and in its list how it went', async () => {
    const { rehearsal: subject, setBacklog, said } = start();
    expect(subject.notices()).toEqual([]);

    await subject.stopCassandra();
    const away = subject.notices();
    setBacklog(4_000, 752);
    await vi.advanceTimersByTimeAsync(22_000);
    await subject.startCassandra();

    expect(away).toEqual([
      {
        kind: 'cassandra',
        sinceMs: NOW_MS,
        text: 'It is stopped. The functions answer 503, and Pub/Sub keeps the messages.',
      },
    ]);
    expect(said()).toEqual(['Cassandra started; it was away for 22 s; backlog 4,752', 'Cassandra stopped']);
    expect(subject.notices()).toEqual([]);
    expect(subject.state().cassandra).toMatchObject({ state: 'running', wasAwayMs: 22_000, cannot: null });
    expect(subject.state().waiting.at(-1)).toEqual({ atMs: NOW_MS + 22_000, count: 4_752 });
  });

  it('notices a Cassandra that ended by itself', async () => {
    const { rehearsal: subject, become, said } = start();

    become({ name: 'died', problem: 'Cassandra was ended by SIGKILL' });
    await vi.advanceTimersByTimeAsync(1_000);

    expect(said()).toEqual(['Cassandra ended by itself: Cassandra was ended by SIGKILL']);
    expect(subject.notices()[0]?.text).toMatch(/^It ended by itself\./);
  });

  it('says all the time that there is no Cassandra, as the terminal does', async () => {
    const memory = await startMemoryStore('--cassandra memory');
    await memory.stop();
    const { rehearsal: subject } = start({ cassandra: memory });
    const notice = {
      kind: 'memory',
      sinceMs: NOW_MS,
      text: expect.stringMatching(
        /^The store is this process’s memory.* prove nothing about Cassandra\. For/,
      ),
    };

    expect(subject.notices()).toEqual([notice]);
    subject.setFaults(settings({ reordered: 0.2 }));
    expect(subject.notices().map(({ kind }) => kind)).toEqual(['faults', 'memory']);
  });

  it('of faults names those that are on, since the first of them, and counts their hits', async () => {
    const { rehearsal: subject, pubsubFaults, said } = start();

    subject.setFaults(settings({ reordered: 0.2 }));
    await vi.advanceTimersByTimeAsync(5_000);
    subject.setFaults(settings({ reordered: 0.2, acksLost: 0.05 }));
    subject.slowCassandra(250);
    for (let key = 0; key < 1_000; key += 1) pubsubFaults.faults.isReordered(String(key));

    expect(subject.notices()).toEqual([
      { kind: 'faults', sinceMs: NOW_MS, text: 'reordered 0.2, acksLost 0.05, Cassandra slower by 250 ms' },
    ]);
    expect(said()).toEqual(['Cassandra slower by 250 ms', 'reordered 0.2, acksLost 0.05', 'reordered 0.2']);
    const reordered = subject.state().pubsub?.faults.find(({ name }) => name === 'reordered');
    expect(reordered).toMatchObject({ share: 0.2, what: 'the next message overtakes it' });
    expect(reordered?.hits).toBeGreaterThan(150);
  });

  it('ends with all off, but does not start a Cassandra that was stopped', async () => {
    const { rehearsal: subject, said } = start();
    subject.setFaults(settings({ duplicated: 0.5 }));
    subject.slowCassandra(100);
    await subject.stopCassandra();

    subject.turnAllOff();

    expect(subject.notices().map(({ kind }) => kind)).toEqual(['cassandra']);
    expect(subject.state().cassandra).toMatchObject({ state: 'stopped', delayMs: 0 });
    expect(said()[0]).toBe('all off');
  });

  it('keeps fifty lines of what was done', () => {
    const { rehearsal: subject, said } = start();

    for (let count = 1; count <= 60; count += 1) subject.slowCassandra(count);

    expect(said()).toHaveLength(50);
    expect(said()[0]).toBe('Cassandra slower by 60 ms');
  });

  it.each([
    ['external', 'Tally did not start this Cassandra, so it does not stop it.'],
    [
      'docker',
      'This Cassandra runs in Docker. Stop it in a terminal, and start it with "start" in place of "stop": ' +
        'docker compose -p tally-19042 -f local/docker-compose.yml stop cassandra',
    ],
    ['memory', 'There is no Cassandra: the store is the memory of this process.'],
  ])('says of the kind %s what cannot be done', async (kind, why) => {
    const { rehearsal: subject } = start({
      cassandra: { kind, address: '127.0.0.1:19042' },
      pubsub: { kind: 'google' },
      switches: { cassandra: undefined, pubsubFaults: undefined },
    });

    expect(subject.state().cassandra).toMatchObject({ state: null, cannot: why });
    expect(subject.state().pubsub).toBeNull();
    expect(subject.state().pubsubCannot).toMatch(/^This Pub\/Sub is of the kind google\./);
    expect((await errorOf(subject.stopCassandra())).message).toBe(why);
    expect(() => subject.setFaults(settings({}))).toThrow('this Pub/Sub has no faults');
    expect(subject.notices()).toEqual([]);
  });
});

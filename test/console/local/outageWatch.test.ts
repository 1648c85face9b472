import { beforeEach, describe, expect, it } from 'vitest';
import { createOutageWatch } from '../../../console/local/outageWatch.ts';
import type { CassandraState } from '../../../local/cassandra/startSwitchableCassandra.ts';

let watch: ReturnType<typeof createOutageWatch>;
beforeEach(() => {
  watch = createOutageWatch();
});

const at = (name: CassandraState['name'], seconds: number, problem?: string): CassandraState => ({
  name,
  sinceMs: seconds * 1_000,
  delayMs: 0,
  problem,
});
const reading = (
  backlog: number | null = 0,
  retries: number | null = 0,
  countedAt = 0,
  lost: number | null = 0,
) => ({
  backlog,
  retries,
  counted: { atMs: countedAt * 1_000, lost },
});
const look = (seconds: number, state: CassandraState | undefined, seen = reading()) =>
  watch.look(seconds * 1_000, state, seen);

describe('an outage of Cassandra', () => {
  it('is told when it begins, when it ends, and when all that waited is settled and counted', () => {
    const said = [
      look(0, at('running', 0), reading(3, 5)),
      look(10, at('stopping', 10), reading(3, 5)),
      look(12, at('stopped', 12), reading(900, 40)),
      look(20, at('starting', 20), reading(4_752, 400)),
      look(32, at('running', 32), reading(4_752, 417)),
      look(37, at('running', 32), reading(100, 417)),
      look(38, at('running', 32), reading(0, 417, 37)),
      look(40, at('running', 32), reading(0, 417, 39)),
      look(41, at('running', 32), reading(0, 417, 40)),
    ];

    expect(said).toEqual([
      [],
      [],
      ['Cassandra stopped'],
      [],
      ['Cassandra started; it was away for 22 s; backlog 4,752'],
      [],
      [],
      ['backlog 0 after 6 s, 412 retries, 0 lost'],
      [],
    ]);
    expect(watch.outages()).toEqual([{ fromMs: 10_000, toMs: 32_000, text: 'Cassandra stopped' }]);
  });

  it('that nobody asked for says why', () => {
    look(0, at('running', 0));

    expect(look(5, at('died', 5, 'Cassandra was ended by SIGKILL'))).toEqual([
      'Cassandra ended by itself: Cassandra was ended by SIGKILL',
    ]);
    expect(watch.outages()).toEqual([{ fromMs: 5_000, toMs: null, text: 'Cassandra ended by itself' }]);
  });

  it('ends without a count of what was lost, when none comes in a minute', () => {
    look(0, at('running', 0));
    look(1, at('stopped', 1));
    look(2, at('running', 2));

    expect(look(3, at('running', 2), reading(0, null))).toEqual([]);
    expect(watch.awaitsCount()).toBe(true);
    expect(look(62, at('running', 2), reading(0, null, 61, null))).toEqual([]);
    expect(look(63, at('running', 2), reading(0, null, 61, null))).toEqual(['backlog 0 after 1 s']);
    expect(watch.awaitsCount()).toBe(false);
  });

  it('says no backlog that nobody knows', () => {
    look(0, at('stopped', 0), reading(null, null));

    expect(look(4, at('running', 4), reading(null, null))).toEqual([
      'Cassandra started; it was away for 4 s',
    ]);
    expect(look(900, at('running', 4), reading(null, null))).toEqual([]);
  });

  it('is not told again where a second one begins before the first is settled', () => {
    look(0, at('stopped', 0));
    look(5, at('running', 5), reading(10));
    look(6, at('stopped', 6), reading(10));
    look(9, at('running', 9), reading(10));

    expect(look(10, at('running', 9), reading(0, 0, 11))).toEqual(['backlog 0 after 1 s, 0 retries, 0 lost']);
    expect(look(11, at('running', 9), reading(0, 0, 11))).toEqual([]);
    expect(watch.outages()).toHaveLength(2);
  });

  it('and the points of the chart are kept for five minutes', () => {
    for (let second = 0; second <= 900; second += 1) {
      look(second, second === 100 ? at('stopped', 100) : at('running', second < 100 ? 0 : 101));
    }

    expect(watch.waiting()).toHaveLength(300);
    expect(watch.waiting()[0]).toEqual({ atMs: 601_000, count: 0 });
    expect(watch.outages()).toEqual([]);
  });

  it('is never seen where there is no switch', () => {
    expect(look(0, undefined)).toEqual([]);
    expect(watch.outages()).toEqual([]);
    expect(watch.waiting()).toHaveLength(1);
  });
});

import type { Progress } from '../../local/progress.ts';
import { countKinds, type EventCounts } from '../load/countKinds.ts';
import type { EventKind } from '../load/eventKinds.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, runTraffic, type Traffic } from '../stand/runTraffic.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { startPullSystem, type System } from '../stand/system.ts';

/** The traffic has as many of each. */
const KINDS: readonly EventKind[] = ['order', 'matched payment'];
const TRAFFIC = { preset: 'shop', early: 0 };
const NAMES = ['one node', 'three nodes'] as const;
type Name = (typeof NAMES)[number];
type Counts = Readonly<Record<Name, readonly EventCounts[]>>;

/** The same work by a worker on one Cassandra node and on three, by turns. */
export const nodes = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'Nodes of Cassandra', detail: 'starting three, about half a minute' });
  const ring = await openStand('ring', progress);
  const systems: System[] = [];
  try {
    progress({ step: 'Nodes of Cassandra', detail: 'counting statements and bytes' });
    const counts: Counts = {
      'one node': await countKinds(stand, 'nodes_counts', KINDS),
      'three nodes': await countKinds(ring, 'nodes_counts', KINDS),
    };
    const contestantOn = async (name: string, on: Stand, orders: number) => {
      const system = await startPullSystem(on, 'nodes');
      systems.push(system);
      return { name, measure: () => runTraffic(on, system, { ...TRAFFIC, orders }) };
    };
    const one = await contestantOn('one node', stand, sizes.fastOrders);
    const three = await contestantOn('three nodes', ring, sizes.trafficOrders);
    const contestants = [one, three, { ...one, name: 'one node again' }];
    const step = 'Nodes of Cassandra';
    // Each of the three is a new process, and has its own code to compile.
    const longer = { ...sizes, warmUpRounds: 2 * sizes.warmUpRounds };
    const results = await takeTurns({ step, contestants, sizes: longer, merge: addTraffic, progress });
    return report(counts, results);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    await ring.stop();
  }
};

const report = (counts: Counts, results: ReadonlyMap<string, readonly Traffic[]>): Result => {
  const of = (name: string): readonly Traffic[] => results.get(name) ?? [];
  const consumers = (name: string) => of(name).map(({ events, cpuMs }) => (cpuMs.consumers * 1_000) / events);
  const cassandra = (name: string) => of(name).map(({ events, cpuMs }) => (cpuMs.cassandra * 1_000) / events);
  const speed = (name: string) => of(name).map(({ events, seconds }) => events / seconds);
  const count = (name: Name, valueOf: (one: EventCounts) => number): string =>
    format(counts[name].reduce((sum, one) => sum + valueOf(one), 0) / KINDS.length);
  const ratios = [consumers, cassandra, speed].map((values) =>
    format(ratioOf(values('three nodes'), values('one node')).value),
  );
  const control = ratioOf(cassandra('one node'), cassandra('one node again')).value;
  return {
    sections: [
      {
        title: 'Nodes of Cassandra',
        notes: [
          'The same orders and payments through a worker, on one node and on three with a replica of every row on each. Statements are at LOCAL_QUORUM, as in production.',
          'Counts and bytes are those of an event, and do not depend on the machine, except the bytes of heartbeats and gossip. CPU in microseconds an event; Cassandra’s is that of all nodes together.',
          'All nodes share the cores of this machine. In production each has a machine of its own. So events/s says how much more work there is, and not how fast three nodes are.',
          `Three nodes over one: ${ratios[0]} of the consumers’ CPU, ${ratios[1]} of Cassandra’s, ${ratios[2]} of the events/s.`,
          `Control: the CPU of one node over itself is ${format(control)}.`,
        ],
        columns: [
          '',
          'statements',
          'bytes to and from Cassandra',
          'bytes between nodes',
          'failed deliveries',
          'consumers',
          'cassandra',
          'events/s',
        ],
        rows: NAMES.map((name) => [
          name,
          count(name, ({ statements }) => statements),
          count(name, ({ cassandraBytes }) => cassandraBytes),
          count(name, ({ internodeBytes }) => internodeBytes),
          String(of(name).reduce((sum, { retries }) => sum + retries, 0)),
          ...[consumers, cassandra, speed].map((values) => formatInterval(intervalOf(values(name)))),
        ]),
      },
    ],
    targets: [],
    controls: [control],
  };
};

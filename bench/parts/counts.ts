import { join } from 'node:path';
import type { Progress } from '../../local/progress.ts';
import type { EventKind } from '../load/eventKinds.ts';
import { runFork } from '../load/runFork.ts';
import { format, type Result } from '../report/result.ts';
import type { Stand } from '../stand/stand.ts';

const SCRIPT = join(import.meta.dirname, '../load/countEvents.ts');

/** What one event of a kind costs, on average. */
export interface EventCounts {
  readonly kind: EventKind;
  readonly statements: number;
  /** To Cassandra and back, with the driver's own traffic of that time. */
  readonly cassandraBytes: number;
  readonly pushBytes: number;
  readonly publishes: number;
  readonly publishedBytes: number;
  readonly logBytes: number;
  readonly allocatedBytes: number;
}

/** What an event of each kind costs in numbers that are the same in every run. */
export interface Counts extends Result {
  readonly counts: readonly EventCounts[];
}

export const counts = async (stand: Stand, progress: Progress): Promise<Counts> => {
  progress({
    step: 'Counting',
    detail: 'statements, bytes, publishes and allocations of each kind of event',
  });
  const env = await stand.open('counts');
  await stand.provision(env, {});
  const all = await runFork<readonly EventCounts[]>(SCRIPT, env);
  return {
    counts: all,
    sections: [
      {
        title: 'Counts of each kind of event',
        notes: [
          'One push request each. Exact, except the bytes of the driver’s heartbeats and the allocations, which the engine samples.',
        ],
        columns: [
          '',
          'statements',
          'bytes to and from Cassandra',
          'bytes of the push',
          'publishes',
          'bytes published',
          'bytes logged',
          'bytes allocated',
        ],
        rows: all.map((one) => [
          one.kind,
          format(one.statements),
          format(one.cassandraBytes),
          format(one.pushBytes),
          format(one.publishes),
          format(one.publishedBytes),
          format(one.logBytes),
          format(one.allocatedBytes),
        ]),
      },
    ],
    targets: [],
    controls: [],
  };
};

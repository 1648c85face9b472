import type { Progress } from '../../local/progress.ts';
import { countKinds, type EventCounts } from '../load/countKinds.ts';
import { EVENT_KINDS } from '../load/eventKinds.ts';
import { format, type Result } from '../report/result.ts';
import type { Stand } from '../stand/stand.ts';

/** What an event of each kind costs in numbers that are the same in every run. */
export interface Counts extends Result {
  readonly counts: readonly EventCounts[];
}

export const counts = async (stand: Stand, progress: Progress): Promise<Counts> => {
  progress({
    step: 'Counting',
    detail: 'statements, bytes, publishes and allocations of each kind of event',
  });
  const all = await countKinds(stand, 'counts', EVENT_KINDS);
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

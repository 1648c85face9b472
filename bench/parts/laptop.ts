import type { Progress } from '../../local/progress.ts';
import { intervalOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, runTraffic } from '../stand/runTraffic.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { startPullSystem, type System } from '../stand/system.ts';

/**
 * What a laptop’s Cassandra costs beside one of a cluster: each write is synced, and its code stays slow.
 */
export const laptop = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'A laptop’s Cassandra', detail: 'beside one of a cluster' });
  const other = await openStand('laptop', progress);
  const systems: System[] = [];
  try {
    const request = { preset: 'shop', early: 0, orders: sizes.trafficOrders };
    const contestantOn = async (name: string, on: Stand) => {
      const system = await startPullSystem(on, 'tuning');
      systems.push(system);
      return { name, measure: () => runTraffic(on, system, request) };
    };
    const contestants = [await contestantOn('cluster', stand), await contestantOn('laptop', other)];
    const results = await takeTurns({
      step: 'A laptop’s Cassandra',
      contestants,
      sizes,
      merge: addTraffic,
      progress,
    });
    return {
      sections: [
        {
          title: 'A laptop’s Cassandra',
          notes: [
            'The same traffic through the worker. `npm start` takes the settings that start soon and lose nothing.',
          ],
          columns: ['', 'events/s', 'CPU of Cassandra, microseconds an event'],
          rows: [...results].map(([name, all]) => [
            name,
            formatInterval(intervalOf(all.map(({ events, seconds }) => events / seconds))),
            formatInterval(intervalOf(all.map(({ events, cpuMs }) => (cpuMs.cassandra * 1_000) / events))),
          ]),
        },
      ],
      targets: [],
      controls: [],
    };
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    await other.stop();
  }
};

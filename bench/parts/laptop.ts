import type { Progress } from '../../local/progress.ts';
import { interleave } from '../measure/interleave.ts';
import { intervalOf } from '../measure/interval.ts';
import { formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, runTraffic } from '../stand/runTraffic.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { startPullSystem } from '../stand/system.ts';

/** What a laptop’s Cassandra costs beside one of a cluster: each write is synced, and its code stays slow. */
export const laptop = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'A laptop’s Cassandra', detail: 'beside one of a cluster' });
  const other = await openStand('laptop', progress);
  try {
    const stands = { cluster: stand, laptop: other };
    const systems = {
      cluster: await startPullSystem(stand, 'tuning'),
      laptop: await startPullSystem(other, 'tuning'),
    };
    const request = { preset: 'shop', early: 0, orders: sizes.trafficOrders };
    const contestants = (['cluster', 'laptop'] as const).map((name) => ({
      name,
      measure: () => runTraffic(stands[name], systems[name], request),
    }));
    await interleave(contestants, sizes.warmUpRounds, addTraffic);
    const results = await interleave(contestants, sizes.rounds, addTraffic);
    await Promise.all(Object.values(systems).map((system) => system.stop()));
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
    await other.stop();
  }
};

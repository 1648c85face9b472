import type { Progress } from '../../local/progress.ts';
import { intervalOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, runTraffic, type Traffic } from '../stand/runTraffic.ts';
import type { Stand } from '../stand/stand.ts';
import { startPullSystem } from '../stand/system.ts';

const WORKERS = [1, 2, 4] as const;

/** The same work by several workers, by turns. */
export const workers = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'Scale', detail: `${WORKERS.join(', ')} workers` });
  const systems = [];
  for (const count of WORKERS) systems.push(await startPullSystem(stand, `workers_${count}`, count));
  const request = { preset: 'shop', early: 0, orders: sizes.trafficOrders };
  const contestants = systems.map((system) => ({
    name: system.name,
    measure: () => runTraffic(stand, system, request),
  }));
  try {
    const results = await takeTurns({
      step: 'Several workers',
      contestants,
      sizes,
      merge: addTraffic,
      progress,
    });
    return {
      sections: [
        {
          title: 'Several workers',
          notes: ['All share the cores of this machine with Cassandra and Pub/Sub.'],
          columns: ['workers', 'events/s'],
          rows: [...results].map(([, all], index) => [String(WORKERS[index]), formatInterval(speedOf(all))]),
        },
      ],
      targets: [],
      controls: [],
    };
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
  }
};

const speedOf = (all: readonly Traffic[]) => intervalOf(all.map(({ events, seconds }) => events / seconds));

import type { Progress } from '../../local/progress.ts';
import { atMost, format, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { runTraffic, type Traffic } from '../stand/runTraffic.ts';
import type { Stand } from '../stand/stand.ts';
import { startPullSystem, startPushSystem, type System } from '../stand/system.ts';

/** Deliveries that fail although nothing is broken: in a backlog, and when half of the payments are early. */
export const backlog = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  const orders = sizes.backlogOrders;
  const run = async (name: string, system: System, request: object): Promise<Traffic> => {
    progress({ step: 'Backlogs', detail: name });
    try {
      return await runTraffic(stand, system, { preset: 'shop', ...request });
    } finally {
      await system.stop();
    }
  };
  const held = { holdsBacklog: true };
  const pushed = await run('by push', await startPushSystem(stand, 'backlog', held), { orders, early: 0 });
  const pulled = await run('by the worker', await startPullSystem(stand, 'backlog_pull'), {
    orders,
    early: 0,
  });
  const early = await run('half of the payments early', await startPushSystem(stand, 'early'), {
    orders: Math.ceil(orders / 5),
    early: 0.5,
  });
  return {
    sections: [
      {
        title: 'Backlogs',
        notes: [
          `By push, ${format(orders)} orders and their payments wait when the functions are allowed to begin; the worker begins at once.`,
        ],
        columns: ['', 'events', 'events/s', 'failed deliveries', 'deliveries an event'],
        rows: (
          [
            ['by push', pushed],
            ['by the worker', pulled],
            ['by push, half of the payments early', early],
          ] as const
        ).map(([name, one]) => [
          name,
          format(one.events),
          format(one.events / one.seconds),
          format(one.retries),
          deliveriesOf(one).toFixed(4),
        ]),
      },
    ],
    targets: [
      atMost(`failed deliveries in a backlog of ${format(orders)} orders by push`, pushed.retries, 0),
      atMost(`failed deliveries in a backlog of ${format(orders)} orders by the worker`, pulled.retries, 0),
      atMost('pushes an event with 50% early, on the inputs', deliveriesOf(early), 1.01),
    ],
    controls: [],
  };
};

const deliveriesOf = ({ events, retries }: Traffic): number => (events + retries) / events;

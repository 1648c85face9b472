import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../local/progress.ts';
import { runFork } from '../load/runFork.ts';
import { format, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { percentile } from '../statistics.ts';
import type { Stand } from '../stand/stand.ts';
import { startPullSystem, startPushSystem, type System } from '../stand/system.ts';

/** When each message was due. */
export interface OpenLoopRun {
  /** Milliseconds since the epoch. The message `index` was due `index * intervalMs` later. */
  readonly startedAtMs: number;
  readonly intervalMs: number;
  readonly messages: number;
}

const SCRIPT = join(import.meta.dirname, '../load/openLoop.ts');
/** Their code is compiled, and their connections are open, before a latency counts. */
const WARM_UP = 0.5;
/** Shares of what the system handles when everything comes at once. */
const LOADS = [0.5, 0.7, 1, 2] as const;

/**
 * The time from when a message was due until it was settled, at fixed rates. A sender that waited for answers
 * would send less while the system is slow, and so hide what its users see (coordinated omission).
 * @param capacity events a second by push and by the worker.
 */
export const openLoop = async (
  stand: Stand,
  sizes: Sizes,
  capacity: { readonly push: number; readonly pull: number },
  progress: Progress,
): Promise<Result> => {
  const systems = [
    { name: 'push', system: await startPushSystem(stand, 'loop_push'), most: capacity.push },
    { name: 'worker', system: await startPullSystem(stand, 'loop_pull'), most: capacity.pull },
  ];
  const rows: string[][] = [];
  const warm = new Set<string>();
  let firstOrderId = 30_000_000;
  try {
    for (const load of [WARM_UP, ...LOADS]) {
      for (const { name, system, most } of systems) {
        progress({ step: 'Open loop', detail: `${name} at ${load * 100}%` });
        const perSecond = most * load;
        const messages = 2 * Math.ceil((perSecond * sizes.loopSeconds) / 2);
        const latencies = await latenciesOf(system, { perSecond, messages, firstOrderId });
        firstOrderId += messages;
        if (!warm.has(name)) {
          warm.add(name);
          continue;
        }
        const percentiles = [50, 90, 99, 100].map((percent) => format(percentile(latencies, percent)));
        rows.push([name, `${load * 100}%`, format(perSecond), ...percentiles]);
      }
    }
  } finally {
    await Promise.all(systems.map(({ system }) => system.stop()));
  }
  return {
    sections: [
      {
        title: 'Latency at fixed rates',
        notes: [
          `Milliseconds from when a message was due until it was settled, ${sizes.loopSeconds} s each. 100% is the rate of the end-to-end table; at 200% the backlog grows for the whole time.`,
        ],
        columns: ['', 'load', 'events/s', 'p50', 'p90', 'p99', 'max'],
        rows,
      },
    ],
    targets: [],
    controls: [],
  };
};

interface Step {
  readonly perSecond: number;
  readonly messages: number;
  readonly firstOrderId: number;
}

const latenciesOf = async (
  system: System,
  { perSecond, messages, firstOrderId }: Step,
): Promise<number[]> => {
  const before = await system.outcomes.read();
  const args = [perSecond, messages, firstOrderId].map(String);
  const run = await runFork<OpenLoopRun>(SCRIPT, system.env, args);
  await system.outcomes.untilSettled(before.inputs + messages);
  const texts = await Promise.all(system.outputFiles.map((file) => readFile(file, 'latin1')));
  return texts.flatMap((text) => latenciesIn(text, run, firstOrderId));
};

const latenciesIn = (
  text: string,
  { startedAtMs, intervalMs, messages }: OpenLoopRun,
  firstOrderId: number,
) =>
  [...text.matchAll(OUTCOME)].flatMap(({ groups }) => {
    const { time = '', orderId, topic } = groups ?? {};
    const index = 2 * (Number(orderId) - firstOrderId) + (topic === 'payments_data' ? 1 : 0);
    if (index < 0 || index >= messages) return [];
    return [Date.parse(time) - (startedAtMs + index * intervalMs)];
  });

/** An outcome line of `onOrder` or `onPayment` that settled its message. */
const OUTCOME =
  /"time":"(?<time>[^"]+)","logging.googleapis.com\/labels":\{"function":"(?:onOrder|onPayment)"\},"settlement":"(?:ack|reject)".*?"order_id":"(?<orderId>\d+)".*?"origin_topic":"(?<topic>\w+)"/g;

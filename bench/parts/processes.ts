import type { Progress } from '../../local/progress.ts';
import { findFreePort } from '../../local/ports.ts';
import { KIND_SPECS, pushBodyOf } from '../load/eventKinds.ts';
import { pushLoad } from '../load/pushLoad.ts';
import { cpuMsOf, cpuMsOfAll } from '../measure/cpuMsOf.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, type Traffic } from '../stand/runTraffic.ts';
import type { Stand } from '../stand/stand.ts';
import { type Measured, startQuietFunction } from '../stand/startQuiet.ts';

const PROCESSES = [1, 2, 4] as const;
const MOST = Math.max(...PROCESSES);
/** First the orders, then their payments. */
const KINDS = ['order', 'matched payment'] as const;
/** All processes together. It is what one deployed instance takes at a time. */
const IN_FLIGHT = 80;
const FIRST_ORDER_ID = 70_000_000;

type Instance = Measured & { readonly port: number };
/** The processes of the function that takes a kind. */
type Instances = ReadonlyMap<(typeof KINDS)[number], readonly Instance[]>;

/** The same pushes to one process of a function, and to several that take turns. */
export const processes = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  const step = 'Processes of a function';
  progress({ step, detail: `starting ${MOST} of each` });
  const env = await stand.open('processes');
  await stand.provision(env, {});
  const instances: Instances = new Map(
    await Promise.all(KINDS.map(async (kind) => [kind, await startInstances(kind, env)] as const)),
  );
  let firstId = FIRST_ORDER_ID;
  const contestantOf = (count: number, name = String(count)) => ({
    name,
    measure: () => {
      firstId += sizes.trafficOrders;
      return pushAll(stand, instances, { count, firstId, orders: sizes.trafficOrders });
    },
  });
  const contestants = [...PROCESSES.map((count) => contestantOf(count)), contestantOf(1, '1 again')];
  try {
    return report(await takeTurns({ step, contestants, sizes, merge: addTraffic, progress }));
  } finally {
    await Promise.all([...instances.values()].flat().map((one) => one.stop()));
  }
};

const startInstances = (
  kind: (typeof KINDS)[number],
  env: Readonly<Record<string, string>>,
): Promise<readonly Instance[]> =>
  Promise.all(
    Array.from({ length: MOST }, async () => {
      const port = await findFreePort();
      return { ...(await startQuietFunction(KIND_SPECS[kind].consumer, { port, env })), port };
    }),
  );

interface Pushes {
  /** How many processes of each function take part. */
  readonly count: number;
  readonly firstId: number;
  readonly orders: number;
}

/** @returns the bench itself, which sends the pushes, as the simulator. */
const pushAll = async (
  stand: Stand,
  instances: Instances,
  { count, firstId, orders }: Pushes,
): Promise<Traffic> => {
  const taking = [...instances].map(([kind, all]) => ({ kind, all: all.slice(0, count) }));
  const cpu = async (): Promise<Traffic['cpuMs']> => ({
    consumers: await cpuMsOfAll(taking.flatMap(({ all }) => all.map(({ pid }) => pid))),
    cassandra: await cpuMsOfAll(stand.cassandraPids),
    pubsub: await cpuMsOf(stand.pubsubPid),
    simulator: await cpuMsOf(process.pid),
  });
  const before = await cpu();
  const startedAt = performance.now();
  let retries = 0;
  for (const { kind, all } of taking) {
    const publishedAtMs = Date.now();
    retries += await pushLoad({
      ports: all.map(({ port }) => port),
      bodyOf: (index) => pushBodyOf(kind, firstId + index, publishedAtMs),
      count: orders,
      inFlight: IN_FLIGHT,
    });
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await cpu();
  return {
    events: KINDS.length * orders,
    seconds,
    retries,
    cpuMs: {
      consumers: after.consumers - before.consumers,
      cassandra: after.cassandra - before.cassandra,
      pubsub: after.pubsub - before.pubsub,
      simulator: after.simulator - before.simulator,
    },
  };
};

const report = (results: ReadonlyMap<string, readonly Traffic[]>): Result => {
  const of = (name: string): readonly Traffic[] => results.get(name) ?? [];
  const speed = (name: string) => of(name).map(({ events, seconds }) => events / seconds);
  const cpu = (name: string, part: 'consumers' | 'cassandra' | 'simulator') =>
    intervalOf(of(name).map(({ events, cpuMs }) => (cpuMs[part] * 1_000) / events));
  const control = ratioOf(speed('1'), speed('1 again')).value;
  return {
    sections: [
      {
        title: 'Processes of a function',
        notes: [
          `Orders to \`onOrder\`, then their payments to \`onPayment\`: so many processes of each, which get the pushes in turn, ${IN_FLIGHT} in flight in all. CPU in microseconds an event.`,
          'The processes, Cassandra and the sender share the cores of this machine. So events/s stops growing when these are busy; the CPU of an event says what each further process costs.',
          `Control: one process over itself is ${format(control)}.`,
        ],
        columns: [
          'processes',
          'events/s',
          'over one process',
          'consumers',
          'cassandra',
          'sender',
          'failed pushes',
        ],
        rows: PROCESSES.map(String).map((name) => [
          name,
          formatInterval(intervalOf(speed(name))),
          formatInterval(ratioOf(speed(name), speed('1'))),
          formatInterval(cpu(name, 'consumers')),
          formatInterval(cpu(name, 'cassandra')),
          format(cpu(name, 'simulator').value),
          String(of(name).reduce((sum, { retries }) => sum + retries, 0)),
        ]),
      },
    ],
    targets: [],
    controls: [control],
  };
};

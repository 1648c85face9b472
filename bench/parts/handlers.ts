import type { Progress } from '../../local/progress.ts';
import { findFreePort } from '../../local/ports.ts';
import { EVENT_KINDS, type EventKind, KIND_SPECS, prerequisitesOf, pushBodyOf } from '../load/eventKinds.ts';
import { pushLoad } from '../load/pushLoad.ts';
import { type Driver, startDriver } from '../load/startDriver.ts';
import { cpuMsOf } from '../measure/cpuMsOf.ts';
import { type Contestant, interleave } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { atMost, format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import type { Stand } from '../stand/stand.ts';
import { type Measured, startQuiet, startQuietFunction } from '../stand/startQuiet.ts';
import { startPushSystem, type System } from '../stand/system.ts';

const IN_FLIGHT = 32;
/** Microseconds of CPU an event. */
type Cost = number;
const mean = (there: Cost, back: Cost): Cost => (there + back) / 2;

const CONTESTANTS = [
  'function',
  'bare node:http',
  'empty function',
  'bare driver',
  'function again',
] as const;
type Name = (typeof CONTESTANTS)[number];
type Costs = Readonly<Record<Name, readonly Cost[]>>;

/** The processes that are compared. */
interface Rivals {
  readonly system: System;
  readonly driver: Driver;
  readonly bareHttp: Measured & { readonly port: number };
  readonly emptyFunction: Measured & { readonly port: number };
}

/** The CPU that each kind of event takes by push, beside what is the least for its parts. */
export const handlers = async (
  stand: Stand,
  sizes: Sizes,
  kinds: readonly EventKind[],
  progress: Progress,
): Promise<Result> => {
  const rivals = await startRivals(stand);
  const nextIds = createIds();
  try {
    const costs = new Map<EventKind, Costs>();
    for (const kind of EVENT_KINDS.filter((one) => kinds.includes(one))) {
      progress({ step: 'CPU of each kind of event', detail: kind });
      const contestants = CONTESTANTS.map((name): Contestant<Cost> => ({
        name,
        measure: () =>
          costOf(name, kind, { rivals, firstId: nextIds(sizes.kindEvents), count: sizes.kindEvents }),
      }));
      await interleave(contestants, sizes.warmUpRounds, mean);
      const results = await interleave(contestants, sizes.rounds, mean);
      costs.set(kind, toCosts(results));
    }
    return report(costs);
  } finally {
    const { system, driver, bareHttp, emptyFunction } = rivals;
    await Promise.all([system, driver, bareHttp, emptyFunction].map((one) => one.stop()));
  }
};

const toCosts = (results: ReadonlyMap<string, readonly Cost[]>): Costs => ({
  function: results.get('function') ?? [],
  'bare node:http': results.get('bare node:http') ?? [],
  'empty function': results.get('empty function') ?? [],
  'bare driver': results.get('bare driver') ?? [],
  'function again': results.get('function again') ?? [],
});

const startRivals = async (stand: Stand): Promise<Rivals> => {
  // Nobody consumes what the functions publish, so that only they are measured.
  const system = await startPushSystem(stand, 'handlers', { holdsBacklog: true });
  const driver = await startDriver(await stand.open('handlers_driver'));
  const [httpPort, emptyPort] = [await findFreePort(), await findFreePort()];
  const bareHttp = await startQuiet({
    name: 'bareHttp',
    args: ['bench/load/bareHttp.ts'],
    ready: { port: httpPort },
    env: { PORT: String(httpPort) },
  });
  const empty = { port: emptyPort, env: {}, source: 'bench/load/emptyFunction' };
  const emptyFunction = await startQuietFunction('empty', empty);
  return {
    system,
    driver,
    bareHttp: { ...bareHttp, port: httpPort },
    emptyFunction: { ...emptyFunction, port: emptyPort },
  };
};

const createIds = () => {
  let next = 10_000_000;
  return (count: number): number => {
    next += count;
    return next - count;
  };
};

interface Slice {
  readonly rivals: Rivals;
  readonly firstId: number;
  readonly count: number;
}

const costOf = async (name: Name, kind: EventKind, { rivals, firstId, count }: Slice): Promise<Cost> => {
  const { system, driver, bareHttp, emptyFunction } = rivals;
  const push = async (port: number, one: EventKind): Promise<void> => {
    const publishedAtMs = Date.now();
    const bodyOf = (index: number): string => pushBodyOf(one, firstId + index, publishedAtMs);
    const failed = await pushLoad({ ports: [port], bodyOf, count, inFlight: IN_FLIGHT });
    if (failed > 0) throw new Error(`${failed} pushes of the kind "${one}" were not acked`);
  };
  const drive = (one: EventKind) =>
    driver.run({ mode: 'driver', kinds: [one], firstOrderId: firstId, orders: count, inFlight: IN_FLIGHT });
  const before = prerequisitesOf(kind);
  switch (name) {
    case 'bare node:http':
      return cpuDuring(bareHttp.pid, count, () => push(bareHttp.port, kind));
    case 'empty function':
      return cpuDuring(emptyFunction.pid, count, () => push(emptyFunction.port, kind));
    case 'bare driver':
      for (const one of before) await drive(one);
      return cpuDuring(driver.pid, count, () => drive(kind));
    case 'function':
    case 'function again': {
      const portOf = (one: EventKind): number => system.ports[KIND_SPECS[one].consumer] ?? 0;
      for (const one of before) await push(portOf(one), one);
      const consumer = Object.keys(system.ports).indexOf(KIND_SPECS[kind].consumer);
      return cpuDuring(system.consumerPids[consumer] ?? 0, count, () => push(portOf(kind), kind));
    }
  }
};

const cpuDuring = async (pid: number, events: number, work: () => Promise<unknown>): Promise<Cost> => {
  const before = await cpuMsOf(pid);
  await work();
  return (((await cpuMsOf(pid)) - before) * 1_000) / events;
};

const report = (costs: ReadonlyMap<EventKind, Costs>): Result => {
  const floorOf = (one: Costs) =>
    one['bare node:http'].map((cost, round) => cost + (one['bare driver'][round] ?? Number.NaN));
  const all = [...costs];
  const usual = all.filter(([kind]) => kind === 'order' || kind === 'matched payment');
  const ratio = ratioOf(
    sumOf(usual, (one) => one.function),
    sumOf(usual, floorOf),
  );
  const control = ratioOf(
    sumOf(all, (one) => one.function),
    sumOf(all, (one) => one['function again']),
  );
  return {
    sections: [
      {
        title: 'CPU of each kind of event by push',
        notes: [
          'Microseconds an event, in the process that is named. The floor is bare node:http with the same decode, and the bare driver with the same statements.',
        ],
        columns: ['', ...CONTESTANTS.slice(0, 4), 'over the floor'],
        rows: all.map(([kind, one]) => [
          kind,
          ...CONTESTANTS.slice(0, 4).map((name) => formatInterval(intervalOf(one[name]))),
          format(ratioOf(one.function, floorOf(one)).value),
        ]),
      },
    ],
    targets: [atMost('handler by push over bare node:http and bare driver, CPU', ratio, 1.4)],
    controls: [control.value],
  };
};

/** The costs of these kinds together, for each round. */
const sumOf = (
  costs: readonly (readonly [EventKind, Costs])[],
  costsOf: (one: Costs) => readonly Cost[],
): readonly Cost[] =>
  costs
    .map(([, one]) => costsOf(one))
    .reduce((sum, one) => one.map((cost, round) => cost + (sum[round] ?? 0)), []);

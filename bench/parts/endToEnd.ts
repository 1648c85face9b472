import type { Progress } from '../../local/progress.ts';
import { startDriver } from '../load/startDriver.ts';
import { cpuMsOf, cpuMsOfAll } from '../measure/cpuMsOf.ts';
import type { Contestant } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { findPython } from '../reference/findPython.ts';
import { atLeast, atMost, format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import { addTraffic, PARTS, type Part, runTraffic, type Traffic } from '../stand/runTraffic.ts';
import type { Stand } from '../stand/stand.ts';
import { startPullSystem, startPushSystem, startReferenceSystem, type System } from '../stand/system.ts';

const DRIVER_IN_FLIGHT = 80;
/** Both streams: each order has a payment, and both are published in turn. */
const TRAFFIC = { preset: 'shop', early: 0 };

const perSecond = (all: readonly Traffic[]): number[] => all.map(({ events, seconds }) => events / seconds);
const cpuOf = (all: readonly Traffic[], part: Part): number[] =>
  all.map(({ events, cpuMs }) => (cpuMs[part] * 1_000) / events);

/** What end to end found, for the parts that need it. */
export interface EndToEnd extends Result {
  /** Events a second by push and by the worker. */
  readonly capacity: { readonly push: number; readonly pull: number };
  /** CPU of the consumers in microseconds an event. */
  readonly consumerMicros: { readonly push: number; readonly pull: number };
}

/** The same traffic through push, the worker, the reference’s consumer and the bare driver, by turns. */
export const endToEnd = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<EndToEnd> => {
  const python = await findPython(progress);
  const systems = {
    push: await startPushSystem(stand, 'push'),
    framework: await startPushSystem(stand, 'framework', { source: 'bench/load/throughFramework' }),
    worker: await startPullSystem(stand, 'worker'),
    reference: await startReferenceSystem(stand, 'reference', python),
  };
  const driver = await driverContestant(stand, sizes.fastOrders);
  const bySystem = (name: string, system: System, orders: number): Contestant<Traffic> => ({
    name,
    measure: () => runTraffic(stand, system, { ...TRAFFIC, orders }),
  });
  const { trafficOrders, fastOrders } = sizes;
  const contestants = [
    bySystem('push', systems.push, trafficOrders),
    bySystem('push through the framework', systems.framework, trafficOrders),
    bySystem('worker', systems.worker, fastOrders),
    bySystem('reference', systems.reference, trafficOrders),
    driver.contestant,
    bySystem('worker again', systems.worker, fastOrders),
  ];
  try {
    const results = await takeTurns({ step: 'End to end', contestants, sizes, merge: addTraffic, progress });
    return report(results, 'command' in python ? python.versions : `TypeScript (${python.missing})`);
  } finally {
    await Promise.all([...Object.values(systems), driver].map((one) => one.stop()));
  }
};

const driverContestant = async (stand: Stand, orders: number) => {
  const driver = await startDriver(await stand.open('driver'));
  let firstOrderId = 1_000_000;
  const measure = async (): Promise<Traffic> => {
    const [own, cassandra] = [await cpuMsOf(driver.pid), await cpuMsOfAll(stand.cassandraPids)];
    const { ms, failed, error } = await driver.run({
      mode: 'driver',
      kinds: ['order', 'matched payment'],
      firstOrderId,
      orders,
      inFlight: DRIVER_IN_FLIGHT,
    });
    if (failed > 0) throw new Error(`the bare driver failed ${failed} times, such as: ${error}`);
    firstOrderId += orders;
    const cpuMs = {
      consumers: (await cpuMsOf(driver.pid)) - own,
      cassandra: (await cpuMsOfAll(stand.cassandraPids)) - cassandra,
      pubsub: 0,
      simulator: 0,
    };
    return { events: 2 * orders, seconds: ms / 1_000, retries: 0, cpuMs };
  };
  return { contestant: { name: 'bare driver', measure }, stop: driver.stop };
};

const report = (results: ReadonlyMap<string, readonly Traffic[]>, language: string): EndToEnd => {
  const of = (name: string): readonly Traffic[] => results.get(name) ?? [];
  const speed = (name: string) => perSecond(of(name));
  const cpu = (name: string) => cpuOf(of(name), 'consumers');
  const control = ratioOf(speed('worker'), speed('worker again')).value;
  return {
    sections: [
      {
        title: 'End to end',
        notes: [
          'Simulator, Pub/Sub, consumers, Cassandra: all on this machine. CPU in microseconds an event.',
          `The reference’s sequential consumers: ${language}. The bare driver has neither Pub/Sub nor a simulator.`,
          'Push through the framework is what `serveFunction` replaces: express, its body parsers, a domain for each request.',
          `Control: the worker over itself is ${format(control)}.`,
        ],
        columns: ['', 'events/s', 'over the reference', ...PARTS, 'failed deliveries'],
        rows: ['push', 'push through the framework', 'worker', 'reference', 'bare driver'].map((name) => [
          name,
          formatInterval(intervalOf(speed(name))),
          formatInterval(ratioOf(speed(name), speed('reference'))),
          ...PARTS.map((part) => format(intervalOf(cpuOf(of(name), part)).value)),
          String(of(name).reduce((sum, { retries }) => sum + retries, 0)),
        ]),
      },
    ],
    targets: [
      atLeast(
        'end to end by push over the reference, events/s',
        ratioOf(speed('push'), speed('reference')),
        3,
      ),
      atLeast(
        'end to end by the worker over the reference, events/s',
        ratioOf(speed('worker'), speed('reference')),
        5,
      ),
      atMost(
        'consumers’ CPU an event by push over the reference',
        ratioOf(cpu('push'), cpu('reference')),
        0.25,
      ),
      atMost(
        'consumers’ CPU an event by the worker over the reference',
        ratioOf(cpu('worker'), cpu('reference')),
        0.25,
      ),
      atLeast(
        'end to end by the worker over the bare driver, events/s',
        ratioOf(speed('worker'), speed('bare driver')),
        0.5,
      ),
    ],
    controls: [control],
    capacity: { push: intervalOf(speed('push')).value, pull: intervalOf(speed('worker')).value },
    consumerMicros: { push: intervalOf(cpu('push')).value, pull: intervalOf(cpu('worker')).value },
  };
};

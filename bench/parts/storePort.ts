import type { Progress } from '../../local/progress.ts';
import { type Driver, type DriverTask, startDriver } from '../load/startDriver.ts';
import type { Contestant } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { atLeast, atMost, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import type { Stand } from '../stand/stand.ts';

const USUAL_IN_FLIGHT = 80;
const OVERLOAD_IN_FLIGHT = 2_000;

interface Speed {
  readonly perSecond: number;
  readonly failed: number;
}

const merge = (a: Speed, b: Speed): Speed => ({
  perSecond: (2 * a.perSecond * b.perSecond) / (a.perSecond + b.perSecond),
  failed: a.failed + b.failed,
});

/** The store and the handlers on it, beside the bare driver with the same statements. */
export const storePort = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'The store’s port', detail: 'beside the bare driver' });
  const driver = await startDriver(await stand.open('store_port'));
  const contestants = createContestants(driver, sizes.fastOrders);
  try {
    const results = await takeTurns({ step: 'The store’s port', contestants, sizes, merge, progress });
    const speed = (name: string): number[] => (results.get(name) ?? []).map(({ perSecond }) => perSecond);
    const failed = (results.get('store, 2,000 in flight') ?? []).reduce((sum, one) => sum + one.failed, 0);
    const usual = ratioOf(speed('store'), speed('bare driver'));
    const overload = ratioOf(speed('store, 2,000 in flight'), speed('bare driver'));
    return {
      sections: [
        {
          title: 'The store’s port',
          notes: ['Orders and payments in turn, events a second.'],
          columns: ['', 'events/s', 'failed'],
          rows: [...results].map(([name, all]) => [
            name,
            formatInterval(intervalOf(all.map(({ perSecond }) => perSecond))),
            String(all.reduce((sum, one) => sum + one.failed, 0)),
          ]),
        },
      ],
      targets: [
        atLeast('store port at 80 in flight over the bare driver, events/s', usual, 0.9),
        atMost('store port with 2,000 offered, errors', failed, 0),
        atLeast('store port with 2,000 offered over the bare driver, events/s', overload, 0.8),
      ],
      controls: [ratioOf(speed('bare driver'), speed('bare driver again')).value],
    };
  } finally {
    await driver.stop();
  }
};

const createContestants = (driver: Driver, orders: number): readonly Contestant<Speed>[] => {
  let firstOrderId = 20_000_000;
  const measure = (mode: DriverTask['mode'], inFlight: number) => async (): Promise<Speed> => {
    const { ms, failed } = await driver.run({
      mode,
      kinds: ['order', 'matched payment'],
      firstOrderId,
      orders,
      inFlight,
    });
    firstOrderId += orders;
    return { perSecond: (2 * orders - failed) / (ms / 1_000), failed };
  };
  return [
    { name: 'bare driver', measure: measure('driver', USUAL_IN_FLIGHT) },
    { name: 'store', measure: measure('store', USUAL_IN_FLIGHT) },
    { name: 'store, 2,000 in flight', measure: measure('store', OVERLOAD_IN_FLIGHT) },
    { name: 'handlers', measure: measure('handlers', USUAL_IN_FLIGHT) },
    { name: 'bare driver again', measure: measure('driver', USUAL_IN_FLIGHT) },
  ];
};

import type { Progress } from '../../local/progress.ts';
import { type Driver, startDriver } from '../load/startDriver.ts';
import { cpuMsOf, cpuMsOfAll } from '../measure/cpuMsOf.ts';
import type { Contestant } from '../measure/interleave.ts';
import { intervalOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import type { Stand } from '../stand/stand.ts';

/** Payments of each order. Each is an entry of its ledger, beside the order itself. */
const PAYMENTS = [1, 10, 1_000] as const;
const IN_FLIGHT = 16;

/** Microseconds of CPU an event. */
interface Cost {
  readonly handlers: number;
  readonly cassandra: number;
}

const mean = (a: Cost, b: Cost): Cost => ({
  handlers: (a.handlers + b.handlers) / 2,
  cassandra: (a.cassandra + b.cassandra) / 2,
});

/** What a payment costs that comes again, when the ledger of its order is short and long. */
export const ledgers = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  const driver = await startDriver(await stand.open('ledgers'));
  try {
    for (const payments of PAYMENTS) {
      progress({ step: 'Ledgers', detail: `orders with ${format(payments)} payments` });
      await deliver(driver, { payments, orders: ordersOf(sizes, payments), isFirst: true });
    }
    const contestants = PAYMENTS.map((payments): Contestant<Cost> => ({
      name: format(payments),
      measure: () => costOf(stand, driver, { payments, orders: ordersOf(sizes, payments), isFirst: false }),
    }));
    const results = await takeTurns({ step: 'Ledgers', contestants, sizes, merge: mean, progress });
    return {
      sections: [
        {
          title: 'Ledgers of many entries',
          notes: [
            'A payment is delivered again. The table shows the CPU of the handlers and of Cassandra in microseconds an event.',
            'Each event reads the whole ledger of its order: the order and all of its payments.',
          ],
          columns: ['payments in the ledger', 'handlers', 'Cassandra'],
          rows: [...results].map(([name, costs]) => [
            name,
            formatInterval(intervalOf(costs.map(({ handlers }) => handlers))),
            formatInterval(intervalOf(costs.map(({ cassandra }) => cassandra))),
          ]),
        },
      ],
      targets: [],
      controls: [],
    };
  } finally {
    await driver.stop();
  }
};

/** As many events in all, however many each order has. */
const ordersOf = (sizes: Sizes, payments: number): number => Math.ceil(sizes.ledgerEvents / payments);

interface Delivery {
  readonly payments: number;
  readonly orders: number;
  /** Whether the orders themselves come, too. */
  readonly isFirst: boolean;
}

const deliver = async (driver: Driver, { payments, orders, isFirst }: Delivery): Promise<void> => {
  const { failed, error } = await driver.run({
    mode: 'handlers',
    kinds: isFirst ? ['order'] : [],
    firstOrderId: 60_000_000 + payments * 10_000,
    orders,
    declined: payments,
    inFlight: IN_FLIGHT,
  });
  if (failed > 0) throw new Error(`${failed} events were not handled, such as: ${error}`);
};

const costOf = async (stand: Stand, driver: Driver, delivery: Delivery): Promise<Cost> => {
  const cpu = async () => [await cpuMsOf(driver.pid), await cpuMsOfAll(stand.cassandraPids)] as const;
  const before = await cpu();
  await deliver(driver, delivery);
  const after = await cpu();
  const events = delivery.orders * delivery.payments;
  return {
    handlers: ((after[0] - before[0]) * 1_000) / events,
    cassandra: ((after[1] - before[1]) * 1_000) / events,
  };
};

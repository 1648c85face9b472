import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../../local/progress.ts';
import { type Driver, startDriver } from '../load/startDriver.ts';
import { cpuMsOfAll } from '../measure/cpuMsOf.ts';
import type { Contestant } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { takeTurns } from '../measure/takeTurns.ts';
import { residentBytes } from '../processes.ts';
import { atMost, format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import type { Stand } from '../stand/stand.ts';
import { startQuiet } from '../stand/startQuiet.ts';

const FILL_IN_FLIGHT = 128;
const IN_FLIGHT = 80;
const LOOK_EVERY_MS = 100;
const AUDIT_TIMEOUT_MS = 30 * 60_000;
const MIB = 1024 * 1024;
/** The name of the small table's second turn, beside its first. */
const AGAIN = 'again';

/** The cost of an event when the table has few and many orders, and the audit of the large one. */
export const tables = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  const { small, large } = sizes.tableOrders;
  const drivers = new Map<number, Driver>();
  const envs = new Map<number, Readonly<Record<string, string>>>();
  for (const orders of [small, large]) {
    const env = await stand.open(`table_${orders}`);
    const driver = await startDriver(env);
    envs.set(orders, env);
    drivers.set(orders, driver);
    await fill(driver, orders, (done) => progress({ step: 'A table of many orders', done, total: orders }));
  }
  const contestant = (orders: number, name = format(orders)): Contestant<number> => ({
    name,
    measure: () => cpuOfEvents(stand, drivers.get(orders), sizes.trafficOrders),
  });
  const shown = [contestant(small), contestant(large)];
  try {
    const results = await takeTurns({
      step: 'A table of many orders',
      contestants: [...shown, contestant(small, AGAIN)],
      sizes,
      merge: (a, b) => (a + b) / 2,
      progress,
    });
    const [few = [], many = [], again = []] = [...shown.map(({ name }) => name), AGAIN].map((name) =>
      results.get(name),
    );
    progress({ step: 'A table of many orders', detail: 'the audit reads it' });
    const audit = await auditOf(envs.get(large) ?? {}, large);
    return {
      sections: [
        {
          title: 'Tables of many orders',
          notes: [
            'CPU of the handlers and of Cassandra together, microseconds an event, for new orders and their payments.',
            `The audit of ${format(audit.read)} orders read ${format(audit.perSecond)} orders a second and had at most ${format(audit.mib)} MiB.`,
          ],
          columns: ['orders in the table', 'CPU'],
          rows: shown.map(({ name }) => [name, formatInterval(intervalOf(results.get(name) ?? []))]),
        },
      ],
      targets: [
        atMost(`cost of an event at ${format(large)} orders over ${format(small)}`, ratioOf(many, few), 1.05),
      ],
      controls: [ratioOf(few, again).value],
    };
  } finally {
    await Promise.all([...drivers.values()].map((driver) => driver.stop()));
  }
};

const FILL_STEP = 50_000;

const fill = async (driver: Driver, orders: number, onDone: (done: number) => void): Promise<void> => {
  for (let first = 0; first < orders; first += FILL_STEP) {
    onDone(first);
    const { failed, error } = await driver.run({
      mode: 'driver',
      kinds: ['order'],
      firstOrderId: 100_000_000 + first,
      orders: Math.min(FILL_STEP, orders - first),
      inFlight: FILL_IN_FLIGHT,
    });
    if (failed > 0) throw new Error(`${failed} orders were not stored, such as: ${error}`);
  }
};

let nextOrderId = 40_000_000;

const cpuOfEvents = async (stand: Stand, driver: Driver | undefined, orders: number): Promise<number> => {
  if (driver === undefined) throw new Error('the table has no driver');
  const pids = [driver.pid, ...stand.cassandraPids];
  const before = await cpuMsOfAll(pids);
  nextOrderId += orders;
  const kinds = ['order', 'matched payment'] as const;
  const task = { mode: 'handlers', kinds, firstOrderId: nextOrderId, orders, inFlight: IN_FLIGHT } as const;
  const { failed, error } = await driver.run(task);
  if (failed > 0) throw new Error(`${failed} events were not handled, such as: ${error}`);
  return (((await cpuMsOfAll(pids)) - before) * 1_000) / (2 * orders);
};

/**
 * Runs `tally audit` over the whole table, and watches its memory.
 * @throws Error when it has not read all orders, or takes too long.
 */
const auditOf = async (env: Readonly<Record<string, string>>, orders: number) => {
  const startedAt = performance.now();
  const args = ['cli/tally.ts', 'audit', '--json', '--settled'];
  const audit = await startQuiet({ name: 'audit', args, env, ready: { text: '' } });
  let isOver = false;
  // It ends by itself, which is an error for a process that should stay.
  audit.died.catch(() => {
    isOver = true;
  });
  let most = 0;
  while (!isOver) {
    most = Math.max(most, await residentBytes(audit.pid).catch(() => 0));
    if (performance.now() - startedAt > AUDIT_TIMEOUT_MS) throw new Error('the audit is not over in time');
    await delay(LOOK_EVERY_MS);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const read = Number(/^\{"orders":(\d+),/m.exec(await readFile(audit.outputFile, 'utf8'))?.[1] ?? 0);
  if (read < orders) throw new Error(`the audit read ${read} of ${orders} orders: see ${audit.outputFile}`);
  return { read, perSecond: read / seconds, mib: most / MIB };
};

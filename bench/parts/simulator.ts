import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { postSimulate } from '../../cli/simulate.ts';
import type { Progress } from '../../local/progress.ts';
import { findFreePort } from '../../local/ports.ts';
import { runFork } from '../load/runFork.ts';
import { cpuMsOf } from '../measure/cpuMsOf.ts';
import { interleave } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { residentBytes } from '../processes.ts';
import { atLeast, atMost, format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';
import type { Stand } from '../stand/stand.ts';
import { startQuietFunction } from '../stand/startQuiet.ts';
import { TOPICS } from '../../shared/topology.ts';

/** Messages that were published, and the requests that they took. */
export interface PublishCounts {
  readonly messages: number;
  readonly requests: number;
}

/** What the publishing took. */
export interface BarePublish {
  readonly cpuMs: number;
}

const scriptOf = (name: string): string => join(import.meta.dirname, '../load', name);
const MIB = 1024 * 1024;
/** Orders in each request of the long run. */
const ORDERS_PER_REQUEST = 50_000;
/**
 * Each publishes as many before it is measured. After 2,000, a bare loop still needs 36 µs a message. Later
 * it needs 25: its code is compiled then.
 */
const WARM_UP_ORDERS = 20_000;
const mean = (there: number, back: number): number => (there + back) / 2;

/** The simulator beside a bare publish loop, and its memory over many messages. */
export const simulator = async (stand: Stand, sizes: Sizes, progress: Progress): Promise<Result> => {
  progress({ step: 'Simulator', detail: 'beside a bare publish loop' });
  const env = await stand.open('simulator');
  await createTopics(env);
  const port = await findFreePort();
  const process = await startQuietFunction('simulate', { port, env });
  const publish = (orders: number) =>
    postSimulate(
      `http://127.0.0.1:${port}`,
      { preset: 'shop', orders, early: 0 },
      new AbortController().signal,
    );
  const orders = sizes.trafficOrders * 2;
  const simulated = async (): Promise<number> => {
    const before = await cpuMsOf(process.pid);
    await publish(orders);
    return ((await cpuMsOf(process.pid)) - before) / (2 * orders);
  };
  const bare = async (): Promise<number> => {
    const args = [orders, WARM_UP_ORDERS].map(String);
    const { cpuMs } = await runFork<BarePublish>(scriptOf('barePublish.ts'), env, args);
    return cpuMs / (2 * orders);
  };
  try {
    const contestants = [
      { name: 'simulator', measure: simulated },
      { name: 'bare', measure: bare },
      { name: 'simulator again', measure: simulated },
    ];
    await publish(WARM_UP_ORDERS);
    const results = await interleave(contestants, sizes.rounds, mean);
    const counts = await runFork<PublishCounts>(scriptOf('countPublishes.ts'), env, [String(orders)]);
    const long = await runLong(process.pid, sizes.simulatorMessages, publish, progress);
    return report(results, counts, long);
  } finally {
    await process.stop();
  }
};

/** Topics without subscriptions, so that nothing piles up. */
const createTopics = async (env: Readonly<Record<string, string>>): Promise<void> => {
  const client = new PubSub({
    projectId: env.GOOGLE_CLOUD_PROJECT ?? '',
    apiEndpoint: env.PUBSUB_EMULATOR_HOST ?? '',
    emulatorMode: true,
  });
  for (const topic of TOPICS) await client.createTopic(topic);
  await client.close();
};

interface LongRun {
  readonly messages: number;
  readonly perSecond: number;
  readonly firstMib: number;
  readonly lastMib: number;
}

const runLong = async (
  pid: number,
  messages: number,
  publish: (orders: number) => Promise<string>,
  progress: Progress,
): Promise<LongRun> => {
  const startedAt = performance.now();
  let firstMib = 0;
  for (let done = 0; done < messages; done += 2 * ORDERS_PER_REQUEST) {
    progress({ step: 'Simulator', done, total: messages });
    await publish(Math.min(ORDERS_PER_REQUEST, Math.ceil((messages - done) / 2)));
    if (firstMib === 0) firstMib = (await residentBytes(pid)) / MIB;
  }
  const perSecond = messages / ((performance.now() - startedAt) / 1_000);
  return { messages, perSecond, firstMib, lastMib: (await residentBytes(pid)) / MIB };
};

const report = (
  results: ReadonlyMap<string, readonly number[]>,
  { messages, requests }: PublishCounts,
  long: LongRun,
): Result => {
  const [own = [], bare = [], again = []] = ['simulator', 'bare', 'simulator again'].map((name) =>
    results.get(name),
  );
  return {
    sections: [
      {
        title: 'Simulator',
        notes: [
          'The bare loop draws the same messages and publishes them in full batches. It gives them no trace and no time limit, and keeps no books about them.',
          `${format(messages)} messages took ${format(requests)} publish requests.`,
          `${format(long.messages)} messages were published at ${format(long.perSecond)} a second. Memory: ${format(long.firstMib)} MiB after the first request, ${format(long.lastMib)} MiB after the last.`,
        ],
        columns: ['', 'CPU, microseconds a message'],
        rows: [
          ['simulator', microsOf(own)],
          ['bare publish loop', microsOf(bare)],
        ],
      },
    ],
    targets: [
      atLeast('simulator, messages for each publish request', messages / requests, 100),
      atMost('simulator over a bare publish loop, CPU', ratioOf(own, bare), 1.15),
    ],
    controls: [ratioOf(own, again).value],
  };
};

const microsOf = (cpuMs: readonly number[]): string =>
  formatInterval(intervalOf(cpuMs.map((ms) => ms * 1_000)));

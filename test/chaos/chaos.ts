import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STATE_FOLDER } from '../../cli/paths.ts';
import type { Progress } from '../../local/part.ts';
import { startLocalPubSub } from '../../local/pubsub/local.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { faultSettingsSchema } from '../../local/pubsub/server/faults.ts';
import { type Environment, loadConfig } from '../../shared/config.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { openAuditSource } from '../../shared/store/openStore.ts';
import { type Books, createBooks } from './books.ts';
import { sortIntoBuckets } from './buckets.ts';
import { createFunctions } from './functions.ts';
import { createLoad, type Load } from './load.ts';
import { createNodes } from './nodes.ts';
import type { Findings } from './report.ts';
import { runAudit } from './runAudit.ts';
import { planSchedule, type Victim } from './schedule.ts';
import { findSteadyPort } from './steadyPort.ts';
import { strike } from './strike.ts';
import type { Target } from './target.ts';

const PROJECT_ID = 'tally-chaos';
const LOG_FOLDER = join(STATE_FOLDER, 'logs/chaos');
/** What Pub/Sub does wrong besides, in shares of all messages, publishes and pushes. */
const PUBSUB_FAULTS = {
  duplicated: 0.1,
  delayed: 0.1,
  delayMs: 3_000,
  reordered: 0.1,
  acksLost: 0.02,
  publishesRefused: 0.03,
  publishesUnconfirmed: 0.03,
  pushPauses: 0.002,
};
/** What was given back often waits for up to ten minutes on the dead-letter subscriptions, as in production. */
const DRAIN_TIMEOUT_MS = 1_500_000;
const LOOK_EVERY_MS = 500;

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Absolute: data, deleted by whoever gave it. */
  readonly folder: string;
  readonly env: Environment;
  readonly progress: Progress;
}

/**
 * Brings the whole system up, lets traffic run while parts of it are killed and frozen, mends everything, waits until all is
 * acked, and looks for every message that was accepted. Nothing that it starts is left when it ends.
 * @throws Error when a part does not come up or back, dies though nobody struck it, or the backlog does not drain in time.
 */
export const chaos = async (options: ChaosOptions): Promise<Findings> => {
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => {});
  const ended: (() => Promise<void>)[] = [];
  try {
    return await Promise.race([run(options, death.reject, ended), death.promise]);
  } finally {
    await Promise.all(ended.map((end) => end()));
  }
};

const run = async (
  { seed, minutes, folder, env, progress }: ChaosOptions,
  onDeath: (error: unknown) => void,
  ended: (() => Promise<void>)[],
): Promise<Findings> => {
  await rm(LOG_FOLDER, { recursive: true, force: true });
  await mkdir(LOG_FOLDER, { recursive: true });
  let startedAtMs = performance.now();
  const now = (): number => performance.now() - startedAtMs;
  const books = createBooks(now);
  const bugs: string[] = [];

  const nodes = await createNodes({
    downloadFolder: STATE_FOLDER,
    logFolder: LOG_FOLDER,
    dataFolder: folder,
    env,
    progress,
    onDeath,
  });
  ended.push(...Object.values(nodes.targets).map(({ end }) => end));
  await nodes.start();
  const pubsub = await startLocalPubSub({
    port: await findSteadyPort(),
    why: 'chaos',
    faults: faultSettingsSchema.parse({ ...PUBSUB_FAULTS, seed }),
    witness: books.witness,
  });
  ended.push(pubsub.stop);
  const systemEnv = {
    ...nodes.env,
    ...pubsub.env,
    GOOGLE_CLOUD_PROJECT: PROJECT_ID,
    METADATA_SERVER_DETECTION: 'none',
    // A line for each message would be most of what a long run writes.
    LOG_LEVEL: 'warn',
  };
  const { store } = loadConfig(systemEnv);
  if (store.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${store.kind}`);
  progress({ step: 'Schema', detail: `keyspace ${store.keyspace}` });
  await migrate(store);
  const functions = await createFunctions({
    env: systemEnv,
    logFolder: LOG_FOLDER,
    onDeath,
    onBug: (line) => bugs.push(line),
  });
  ended.push(...Object.values(functions.targets).map(({ end }) => end));
  progress({ step: 'Functions' });
  await functions.start();
  await provision({
    projectId: PROJECT_ID,
    pubsub: pubsub.address,
    functionUrls: functions.urls,
    isGoogleEmulator: false,
  });

  startedAtMs = performance.now();
  const load = createLoad(functions.urls.simulate, seed);
  const targets = { ...nodes.targets, ...functions.targets };
  const survived = await rage({ seed, minutes, targets, load, books, now, progress });
  pubsub.endFaults();
  await survived.lastBatch;
  const trafficSeconds = now() / 1000;
  await drain(books, progress);
  const drainSeconds = now() / 1000 - trafficSeconds;

  progress({ step: 'Audit' });
  const audit = await runAudit({
    env: systemEnv,
    expectationFile: join(folder, 'expectation.json'),
    expectation: load.expectation(),
  });
  progress({ step: 'Buckets', detail: `${books.events().size} events` });
  const source = await openAuditSource(store);
  const buckets = await sortIntoBuckets(books.events(), source);
  await source.close();
  return {
    seed,
    minutes,
    trafficSeconds,
    drainSeconds,
    sent: load.sent(),
    askedAgain: load.askedAgain(),
    accepted: books.accepted(),
    events: books.events().size,
    taken: books.taken(),
    acked: books.acked(),
    nacked: books.nacked(),
    forwarded: books.forwarded(),
    owed: books.owed(),
    nodeFaults: survived.nodes,
    functionFaults: survived.functions,
    longestStall: books.longestStall(),
    nacksWithoutQuorum: books.nacksWithoutQuorum(),
    // What is malformed is dead-lettered without a look at Cassandra: its ack needs no quorum.
    acksWithoutQuorum: books
      .acksWithoutQuorum()
      .filter(({ eventId }) => eventId === undefined || !buckets.bucketsOf(eventId).has('invalid')),
    bugs,
    buckets,
    audit,
  };
};

interface Rage {
  readonly seed: number;
  readonly minutes: number;
  readonly targets: Readonly<Record<Victim, Target>>;
  readonly load: Load;
  readonly books: Books;
  readonly now: () => number;
  readonly progress: Progress;
}

/** Traffic and faults for so many minutes; everything is mended when it resolves. */
const rage = async ({ seed, minutes, targets, load, books, now, progress }: Rage) => {
  const schedule = planSchedule({ seed, minutes });
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), minutes * 60_000);
  const watch = setInterval(() => {
    const done = Math.min(Math.round(now() / 1000), minutes * 60);
    progress({ step: 'Chaos', done, total: minutes * 60 });
  }, LOOK_EVERY_MS);
  const lastBatch = load.run(over.signal);
  const deps = {
    targets,
    now,
    end: over.signal,
    onFault: (line: string) => progress({ step: line }),
  };
  try {
    const [nodes, functions] = await Promise.race([
      Promise.all([
        strike(schedule.nodes, {
          ...deps,
          onStruck: (isStruck, { blows }) => {
            if (blows.length > 1) books.setQuorum(!isStruck);
          },
        }),
        strike(schedule.functions, { ...deps, onStruck: () => {} }),
        untilAborted(over.signal),
      ]),
      // It ends before its time only when it fails.
      lastBatch.then(() => new Promise<never>(() => {})),
    ]);
    return { nodes, functions, lastBatch };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
};

const untilAborted = (signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
};

/** Every copy of every message acked. */
const drain = async (books: Books, progress: Progress): Promise<void> => {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  const most = books.owed();
  while (books.owed() > 0) {
    progress({ step: 'Drain', done: most - books.owed(), total: most });
    // The findings say how many are left.
    if (performance.now() > deadline) return;
    await delay(LOOK_EVERY_MS);
  }
};

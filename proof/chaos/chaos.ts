import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STATE_FOLDER } from '../../cli/paths.ts';
import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { Progress } from '../../local/progress.ts';
import type { Environment } from '../../shared/config.ts';
import { audit, type AuditReport } from '../../shared/audit/audit.ts';
import { openAuditSource } from '../../shared/store/openAuditSource.ts';
import { type Books, createBooks } from './books.ts';
import type { Findings } from './findings.ts';
import { type Judgement, judgeTables } from './judgeTables.ts';
import { createLoad } from './load.ts';
import { createProducer } from './producer.ts';
import { rage } from './rage.ts';
import { startSystem, type System } from './system.ts';
import { openTables } from './tables.ts';

const LOG_FOLDER = join(STATE_FOLDER, 'logs/chaos');
/**
 * After many nacks, a message on a dead-letter subscription waits up to ten minutes for its next delivery.
 */
const DRAIN_TIMEOUT_MS = 1_500_000;
const LOOK_EVERY_MS = 500;

interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly consume: ConsumeKind;
  /** An absolute path, for data. The caller deletes it. */
  readonly folder: string;
  readonly env: Environment;
  readonly progress: Progress;
}

/**
 * Starts the whole system, sends traffic while parts of the system are killed and frozen, and mends
 * everything. Then it waits until every message is acked, runs the audit, and compares the tables with every
 * message that was accepted. It leaves no process behind.
 * @throws Error when a part does not start or does not come back, or when a part dies without a blow.
 */
export const chaos = async (options: ChaosOptions): Promise<Findings> => {
  const death = Promise.withResolvers<never>();
  // A death after the race below would be an unhandled rejection, which ends the process.
  death.promise.catch(() => {});
  const ends: (() => Promise<void>)[] = [];
  try {
    return await Promise.race([run(options, death.reject, (end) => ends.push(end)), death.promise]);
  } finally {
    await Promise.all(ends.map((end) => end()));
  }
};

const run = async (
  { seed, minutes, consume, folder, env, progress }: ChaosOptions,
  onDeath: (error: unknown) => void,
  onStarting: (end: () => Promise<void>) => void,
): Promise<Findings> => {
  await rm(LOG_FOLDER, { recursive: true, force: true });
  await mkdir(LOG_FOLDER, { recursive: true });
  let startedAtMs = performance.now();
  const now = (): number => performance.now() - startedAtMs;
  const books = createBooks(now);
  const bugs: string[] = [];
  const system = await startSystem({
    seed,
    consume,
    folder,
    logFolder: LOG_FOLDER,
    env,
    progress,
    witness: books.witness,
    onDeath,
    onBug: (line) => bugs.push(line),
    onStarting,
  });

  startedAtMs = performance.now();
  const load = createLoad({ url: system.simulateUrl, seed, backlog: books.backlog });
  const producer = createProducer({ publisher: system.publisher, seed, backlog: books.backlog });
  const survived = await rage({
    seed,
    minutes,
    consume,
    targets: system.targets,
    load,
    producer,
    books,
    now,
    progress,
  });
  system.endPubSubFaults();
  await survived.traffic;
  const trafficSeconds = now() / 1000;
  await drain(books, progress);
  const drainSeconds = now() / 1000 - trafficSeconds;
  const longestStall = books.longestStall();

  progress({ step: 'Audit' });
  const audited = await auditAll(system);
  progress({ step: 'Judgement', detail: `${books.events().length} events` });
  const judgement = await judgeAll(books, system);
  return {
    seed,
    minutes,
    consume,
    trafficSeconds,
    drainSeconds,
    sent: load.sent() + producer.sent(),
    sentAgain: load.askedAgain() + producer.sentAgain(),
    ...figuresOf(books),
    nodeFaults: survived.nodes,
    processFaults: survived.processes,
    quorumLosses: survived.quorumLosses,
    longestStall,
    bugs,
    judgement,
    audit: audited,
  };
};

const figuresOf = (books: Books) => ({
  accepted: books.accepted(),
  events: books.events().length,
  taken: books.taken(),
  acked: books.acked(),
  nacked: books.nacked(),
  forwarded: books.forwarded(),
  owed: books.owed(),
  begunWithoutQuorum: books.begunWithoutQuorum(),
  nacksWithoutQuorum: books.nacksWithoutQuorum(),
  acksWithoutQuorum: books.acksWithoutQuorum(),
});

/** Waits until every copy of every message is acked, or until the time is up. */
const drain = async (books: Books, progress: Progress): Promise<void> => {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  const most = books.owed();
  while (books.owed() > 0) {
    // What is dead-lettered meanwhile is owed as well.
    progress({ step: 'Drain', done: Math.max(0, most - books.owed()), total: most });
    // The findings report the rest.
    if (performance.now() > deadline) return;
    await delay(LOOK_EVERY_MS);
  }
};

const auditAll = async ({ store }: System): Promise<AuditReport> => {
  const source = await openAuditSource(store);
  try {
    return await audit(source);
  } finally {
    await source.close();
  }
};

const judgeAll = async (books: Books, { store }: System): Promise<Judgement> => {
  const tables = openTables(store);
  try {
    return await judgeTables(books.events(), tables);
  } finally {
    await tables.close();
  }
};

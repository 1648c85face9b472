import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startCassandra } from '../../local/cassandra/startCassandra.ts';
import { SKIPPED_VARIABLE } from './summaryReporter.ts';
import { findFreePort } from '../../local/ports.ts';
import { startPubSub } from '../../local/pubsub/startPubSub.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The variables that reach the Cassandra of this run. Undefined: this machine has none. */
    cassandraEnv: Readonly<Record<string, string>> | undefined;
    /** `host:port` of the Pub/Sub of this run. Undefined: there is none. */
    pubsub: string | undefined;
  }
}

const STATE_FOLDER = join(import.meta.dirname, '../../.tally');

/**
 * Starts one Cassandra and one Pub/Sub for the whole run. Each test file takes a new keyspace and a new
 * project.
 */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
  const options = {
    downloadFolder: STATE_FOLDER,
    logFolder: folder,
    dataFolder: folder,
    keepsState: false,
    env: process.env,
    progress: () => {},
  };
  const cassandra = await startCassandra({ ...options, kind: undefined, port: await findFreePort() });
  const pubsub = await startPubSub({ ...options, kind: undefined, port: await findFreePort() });
  project.provide('cassandraEnv', cassandra.kind === 'memory' ? undefined : cassandra.env);
  project.provide('pubsub', pubsub.address);
  console.log(`Cassandra: ${cassandra.kind} (${cassandra.why}). Pub/Sub: ${pubsub.kind} (${pubsub.why}).`);
  const stop = async (): Promise<void> => {
    await Promise.all([cassandra.stop(), pubsub.stop()]);
    await rm(folder, { recursive: true, force: true });
  };

  if (cassandra.kind !== 'memory') return stop;
  const skipped = `SKIPPED: every test that needs Cassandra, because this machine has none: ${cassandra.why}`;
  if (process.env.CI === 'true') {
    await stop();
    throw new Error(`${skipped}. In CI that is a failure.`);
  }
  // The reporter, which runs in this process too, says it where people read it: beside the counts.
  process.env[SKIPPED_VARIABLE] = skipped;
  return stop;
};

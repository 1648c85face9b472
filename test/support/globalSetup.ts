import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startCassandra } from '../../local/cassandra/startCassandra.ts';
import type { LocalPart } from '../../local/part.ts';
import { findFreePort } from '../../local/ports.ts';
import { startPubSub } from '../../local/pubsub/startPubSub.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The variables that reach the test run's Cassandra; undefined where this machine has none. */
    cassandraEnv: Readonly<Record<string, string>> | undefined;
    /** `host:port` of a Pub/Sub emulator; undefined where this machine has none. */
    pubsub: string | undefined;
  }
}

const STATE_FOLDER = join(import.meta.dirname, '../../.tally');

/** One real Cassandra and one real Pub/Sub for the whole run; each test file takes a keyspace and a project of its own. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
  const options = {
    stateFolder: STATE_FOLDER,
    dataFolder: folder,
    keepsState: false,
    env: process.env,
    progress: () => {},
  };
  const cassandra = await startCassandra({ ...options, kind: undefined, port: await findFreePort() });
  const pubsub = await startPubSub({ ...options, kind: undefined, port: await findFreePort() });
  project.provide('cassandraEnv', cassandra.kind === 'memory' ? undefined : cassandra.env);
  project.provide('pubsub', pubsub.address);
  report(cassandra, pubsub);
  return async () => {
    await Promise.all([cassandra.stop(), pubsub.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
};

/** A part that is missing is said, and is a failure in CI, where everything that the README asks for is there. */
const report = (cassandra: LocalPart, pubsub: LocalPart): void => {
  console.log(`Cassandra: ${cassandra.kind} (${cassandra.why}). Pub/Sub: ${pubsub.kind} (${pubsub.why}).`);
  if (cassandra.kind !== 'memory') return;
  const message = `SKIPPED: every test that needs Cassandra, for this machine has none: ${cassandra.why}`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(message);
};

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { findUpPorts } from '../../../bench/findUpPorts.ts';
import { startUp } from '../../../bench/startUp.ts';
import type { CommandResult } from '../commands/startScript.ts';
import { runTally } from '../commands/runScript.ts';

interface SystemOptions {
  /** More options of `tally up`. */
  readonly args?: readonly string[];
  /**
   * `shared`: the run's own Cassandra with a new keyspace, which nothing can stop. `own`: one of Maven's,
   * which takes 20 s. Default: `shared`.
   */
  readonly cassandra?: 'shared' | 'own';
}

export interface TestSystem {
  /** Where its page is. */
  readonly url: string;
  /** Where its tables are, in the run's Cassandra unless it has its own. */
  readonly keyspace: string;
  /** Runs a command of `tally` on it, as in another terminal. */
  readonly tally: (args: readonly string[], input?: string) => Promise<CommandResult>;
  /** Sends a signal to the process that holds the console. */
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
}

/** Starts `tally up` as a process, with its own ports, keyspace, folder and local Pub/Sub. */
export const startSystem = async ({
  args = [],
  cassandra = 'shared',
}: SystemOptions = {}): Promise<TestSystem> => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-page-'));
  const suffix = randomBytes(6).toString('hex');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    TALLY_RUN_FOLDER: folder,
    TALLY_OPERATOR: 'test',
  };
  const shared = {
    ...inject('cassandraEnv'),
    CASSANDRA_KEYSPACE: `test_${suffix}`,
    GOOGLE_CLOUD_PROJECT: `tally-test-${suffix}`,
  };
  const isOwn = cassandra === 'own';
  const { url, signal, stop } = await startUp(
    [
      '--pubsub=local',
      `--cassandra=${isOwn ? 'maven' : 'external'}`,
      ...(await findUpPorts()).options,
      ...args,
    ],
    isOwn ? env : { ...env, ...shared },
  );
  return {
    url,
    keyspace: isOwn ? 'ecom_store' : shared.CASSANDRA_KEYSPACE,
    signal,
    tally: (words, input) => runTally(words, { env, ...(input === undefined ? {} : { input }) }),
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

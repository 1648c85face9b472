import { setTimeout as delay } from 'node:timers/promises';
import type { CassandraConfig } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';

const ANSWER_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits until a Cassandra accepts a connection of Tally's driver.
 * @param signal aborts the wait.
 * @throws Error when none does within `timeoutMs`, which is 30,000 unless given. Its cause is the error of
 * the last try. ConfigError at once when the configuration is wrong.
 */
export const untilCqlAnswers = async (
  config: CassandraConfig,
  { timeoutMs = ANSWER_TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  const client = createCassandraClient(config, null);
  for (;;) {
    try {
      await client.connect();
      break;
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      if (performance.now() > deadline) {
        const where =
          config.secureConnectBundle ??
          config.contactPoints.map((host) => `${host}:${config.port}`).join(', ');
        throw new Error(`no Cassandra answers at ${where} within ${timeoutMs / 1000} s`, { cause: error });
      }
    }
    await delay(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
  await client.close();
};

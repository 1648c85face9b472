import type { Environment } from '../shared/config.ts';
import { TransientError } from '../shared/errors.ts';
import { createCassandraClient } from '../shared/store/cassandraClient.ts';
import { readRetentionDays } from '../shared/store/readRetentionDays.ts';
import { setRetentionDays } from '../shared/store/setRetentionDays.ts';
import { askToGoOn } from './askToGoOn.ts';
import { chooseTarget } from './target.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';

interface RetentionOptions {
  /** Undefined: shows the setting. */
  readonly days: number | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Shows or sets how long dead letters are kept.
 * @throws UnableError when it may not, or could not.
 */
export const retentionCommand = async (options: RetentionOptions, env: Environment): Promise<void> => {
  const { days, yes, json } = options;
  const { config } = await chooseTarget(env, { writes: days !== undefined, publishes: false, json });
  const { store } = config;
  if (store.kind === 'memory') throw new UnableError('the in-memory store keeps nothing after it stops');
  if (days !== undefined) {
    await askToGoOn(`Dead letters that are recorded from now on would expire after ${days} days.`, yes);
    await setRetentionDays(store, days).catch((error: unknown) => {
      throw error instanceof TransientError ? new UnableError('could not finish', { cause: error }) : error;
    });
  }
  const client = createCassandraClient(store);
  try {
    const kept = await readRetentionDays(client);
    if (json) console.log(toJsonLine({ days: kept }));
    else if (kept === undefined) console.log('Dead letters are kept for ever.');
    else
      console.log(
        `Dead letters are kept for ${kept} days after they are recorded. The ledger and what was done with dead letters are kept for ever.`,
      );
  } catch (error) {
    throw new UnableError('could not look', { cause: error });
  } finally {
    await client.close();
  }
};

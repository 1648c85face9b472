import type { Environment } from '../shared/config.ts';
import { DAY_MS, dayOf } from '../shared/domain/dayOf.ts';
import { createCassandraClient } from '../shared/store/driver/cassandraClient.ts';
import { refusedFromMs } from '../shared/store/retention/retentionDaysMax.ts';
import { readRetentionDays } from '../shared/store/retention/readRetentionDays.ts';
import { setRetentionDays } from '../shared/store/retention/setRetentionDays.ts';
import { askToGoOn } from './askToGoOn.ts';
import { couldNotBegin } from './couldNotBegin.ts';
import { chooseTarget } from './target.ts';
import { toJsonLine } from './toJsonLine.ts';
import { toUnableError } from './toUnableError.ts';
import { UnableError } from './unableError.ts';

/** When it is so near, the day is said from which on none could be recorded. */
const SAID_BEFORE_MS = 5 * 365 * DAY_MS;

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
  const needs = { writes: days !== undefined, publishes: false, json };
  const { config } = await chooseTarget(env, needs).catch(couldNotBegin);
  const { store } = config;
  if (store.kind === 'memory') throw new UnableError('the in-memory store keeps nothing after it stops');
  if (days !== undefined) {
    await askToGoOn(`Dead letters that are recorded from now on would expire after ${days} days.`, yes);
    await setRetentionDays(store, days).catch((error: unknown) => {
      throw toUnableError(error);
    });
  }
  const client = createCassandraClient(store);
  try {
    const kept = await readRetentionDays(client);
    if (json) console.log(toJsonLine({ days: kept }));
    else if (kept === undefined) console.log('Dead letters are kept for ever.');
    else
      console.log(
        `Dead letters are kept for ${kept} days after they are recorded. The ledger and what was done with dead letters are kept for ever.${sayEnd(kept, Date.now())}`,
      );
  } catch (error) {
    throw new UnableError('could not look', { cause: error });
  } finally {
    await client.close();
  }
};

const sayEnd = (days: number, nowMs: number): string => {
  const endMs = refusedFromMs(days);
  if (endMs - nowMs > SAID_BEFORE_MS) return '';
  return ` From ${dayOf(endMs)} on, Cassandra would refuse to record them: set fewer days before.`;
};

import type { CassandraConfig, Environment } from '../shared/config.ts';
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
 * @throws UnableError when it may not, or could not; Error when the two tables of dead letters differ.
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
  const [kept, placesKept] = await readBoth(store);
  if (json) console.log(toJsonLine({ days: kept, placesDays: placesKept }));
  if (kept !== placesKept) throw new Error(sayDifference(kept, placesKept));
  if (json) return;
  console.log(
    kept === undefined
      ? 'Dead letters are kept for ever.'
      : `Dead letters are kept for ${kept} days after they are recorded. The ledger and what was done with dead letters are kept for ever.${sayEnd(kept, Date.now())}`,
  );
};

type Days = number | undefined;

/** The days of the dead letters, and of the places where those of an order are found. */
const readBoth = async (store: CassandraConfig): Promise<readonly [Days, Days]> => {
  const client = createCassandraClient(store);
  try {
    return [await readRetentionDays(client), await readRetentionDays(client, 'dead_letters_by_order')];
  } catch (error) {
    throw new UnableError('could not look', { cause: error });
  } finally {
    await client.close();
  }
};

/** Nobody knows which of the two was meant. With the longer one, nothing goes too soon. */
const sayDifference = (kept: Days, placesKept: Days): string => {
  const say = (days: Days): string => (days === undefined ? 'for ever' : `for ${days} days`);
  return (
    `dead letters are kept ${say(kept)}, and it is known ${say(placesKept)} where those of an order are. ` +
    'A setting was not finished, or two were made at once. ' +
    `Set it again: npx tally retention --days ${Math.max(kept ?? 0, placesKept ?? 0)}`
  );
};

const sayEnd = (days: number, nowMs: number): string => {
  const endMs = refusedFromMs(days);
  if (endMs - nowMs > SAID_BEFORE_MS) return '';
  return ` From ${dayOf(endMs)} on, Cassandra would refuse to record them: set fewer days before.`;
};

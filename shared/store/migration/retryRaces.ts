import { setTimeout as delay } from 'node:timers/promises';
import { errors, types } from 'cassandra-driver';
import { TransientError } from '../../errors.ts';
import { toStoreError } from '../driver/toStoreError.ts';
import { SchemaError } from './schemaError.ts';

const ATTEMPTS_MAX = 10;
const RETRY_AFTER_MS = 500;
const RETRY_AFTER_MS_MAX = 2_000;

/**
 * What a node answers while another `tally migrate` changes the same schema: a table that exists although it
 * did not, two ids of one table, or "table does not exist" although `system_schema` has it already. The last
 * is usual, and a run may meet it at each table.
 */
const RACE_CODES: ReadonlySet<number> = new Set([
  types.responseErrorCodes.alreadyExists,
  types.responseErrorCodes.configError,
  types.responseErrorCodes.invalid,
]);
const UNAVAILABLE: number = types.responseErrorCodes.unavailableException;

/**
 * Repeats work that may be repeated, because another `tally migrate` or a node that failed may have been in
 * its way.
 * @param wait how it waits before it tries again; only tests pass another way.
 * @throws the last error after ten attempts, 15 s; at once when a repetition would change nothing.
 */
export const retryRaces = async <T>(
  work: () => Promise<T>,
  wait: (ms: number) => Promise<unknown> = delay,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !mayPass(error)) throw inWords(error);
      await wait(Math.min(attempt * RETRY_AFTER_MS, RETRY_AFTER_MS_MAX));
    }
  }
};

const codeOf = (error: unknown): number => (error instanceof errors.ResponseError ? error.code : Number.NaN);

const mayPass = (error: unknown): boolean =>
  toStoreError(error) instanceof TransientError || RACE_CODES.has(codeOf(error));

const inWords = (error: unknown): unknown => {
  const why = 'too few replicas answer for LOCAL_QUORUM: start the nodes that are down';
  return codeOf(error) === UNAVAILABLE ? new SchemaError(why, { cause: error }) : toStoreError(error);
};

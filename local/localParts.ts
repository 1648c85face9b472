import { FUNCTIONS } from '../shared/topology.ts';
import type { LocalPart } from './localPart.ts';
import { ProcessEndedError } from './processEndedError.ts';
import { SystemStoppedError } from './systemStoppedError.ts';

export interface LocalParts {
  /** Remembers a part once it has started, so that it is stopped in the end. */
  readonly keep: <Part extends LocalPart>(starting: Promise<Part>) => Promise<Part>;
  /** Rejects when the first part's `died` does. The error says what to do. Never resolves. */
  readonly died: Promise<never>;
  /**
   * Stops the functions and the worker first, because they must still settle their messages. May be called
   * twice.
   */
  readonly stop: () => Promise<void>;
  /** An error of a process, with what to do next. Any other error is given back. */
  readonly advised: (error: unknown) => unknown;
}

/**
 * Keeps the parts of a system together: when one dies, the others are stopped.
 * @param keepsState whether the next run finds the data again.
 */
export const createLocalParts = (keepsState: boolean): LocalParts => {
  const started: LocalPart[] = [];
  const death = Promise.withResolvers<never>();
  // Perhaps nobody waits for this promise. Its rejection must not end this process.
  death.promise.catch(() => {});
  const advised = (error: unknown): unknown =>
    error instanceof ProcessEndedError ? new SystemStoppedError(adviceOn(error, keepsState), error) : error;
  let stopping: Promise<void> | undefined;
  return {
    keep: async (starting) => {
      const part = await starting;
      started.push(part);
      part.died.catch((error: unknown) => death.reject(advised(error)));
      // Another part has failed meanwhile, and everything that ran then has been stopped.
      if (stopping !== undefined) await part.stop();
      return part;
    },
    died: death.promise,
    stop: () => {
      stopping ??= stopAll(started);
      return stopping;
    },
    advised,
  };
};

const adviceOn = ({ process }: ProcessEndedError, keepsState: boolean): string =>
  process === 'Cassandra' && keepsState
    ? 'Start again. If Cassandra ends again, add --fresh, which deletes the data of earlier runs.'
    : 'Start again.';

const stopAll = async (parts: readonly LocalPart[]): Promise<void> => {
  const [functions, infrastructure] = [
    parts.filter(({ name }) => isFunction(name)),
    parts.filter(({ name }) => !isFunction(name)),
  ];
  await Promise.all(functions.map((part) => part.stop()));
  await Promise.all(infrastructure.map((part) => part.stop()));
};

const isFunction = (name: string): boolean => name === 'worker' || FUNCTIONS.some((known) => known === name);

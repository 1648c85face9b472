import { UnableError } from './unableError.ts';

/**
 * What kept a command from beginning, such as that no system runs here and no variable names one.
 * @throws UnableError always: the error itself if it is one.
 */
export const couldNotBegin = (error: unknown): never => {
  throw error instanceof UnableError ? error : new UnableError('could not begin', { cause: error });
};

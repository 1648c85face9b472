import { TransientError } from '../errors.ts';

/**
 * Makes what catches the error of a publish. Pub/Sub may have taken a message that it did not confirm. So the
 * error says that, and what to do.
 * @param advice what to do; undefined when there is nothing to say.
 * @throws TransientError that says so; any other error unchanged.
 */
export const maybeSent =
  (advice: string | undefined) =>
  (error: unknown): never => {
    if (!(error instanceof TransientError)) throw error;
    const text = [`${error.message}, so it may have been sent`, ...(advice === undefined ? [] : [advice])];
    throw new TransientError(text.join(': '), { cause: error.cause });
  };

import { TransientError } from '../errors.ts';

/**
 * Makes what catches the error of a publish. Pub/Sub may have taken a message that it did not confirm, and to
 * send it again would be a second event. So the error says that, and how to look.
 * @param orderId of the message; undefined when it has none.
 * @throws TransientError that says so; any other error unchanged.
 */
export const maybeSent =
  (orderId: bigint | undefined) =>
  (error: unknown): never => {
    if (!(error instanceof TransientError)) throw error;
    const look =
      orderId === undefined ? '' : `: look with "npx tally order ${orderId}" before you send it again`;
    throw new TransientError(`${error.message}, so it may have been sent${look}`, { cause: error.cause });
  };

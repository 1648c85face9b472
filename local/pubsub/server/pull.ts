import type { StatusError } from './statusError.ts';
import type { Subscription } from './subscription.ts';
import { type Delivery } from './message.ts';

/** Data and attributes of an answer stay below this, or it is one message. */
export const ANSWER_BYTES_MAX = 10_000_000;
/** How long a pull waits for a first message; production says only that its wait is bounded. */
export const PULL_WAIT_MS = 10_000;
/** However many are asked for; with them, an answer stays below the limit that a gRPC client has unless told otherwise. */
const MESSAGES_MAX = 1_000;

export interface PullRequest {
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
  /** Aborted when the client is gone: what it would have got must not be leased to nobody. */
  readonly signal: AbortSignal;
}

/**
 * One pull: what is ready, or the first that comes within `PULL_WAIT_MS`, else nothing.
 * @throws StatusError when the subscription pushes, is deleted or is stopped meanwhile.
 */
export const pull = (subscription: Subscription, request: PullRequest): Promise<Delivery[]> => {
  const { maxMessages, returnImmediately, signal } = request;
  const { promise, resolve, reject } = Promise.withResolvers<Delivery[]>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
    removePuller();
  };
  const finish = (deliveries: Delivery[]): void => {
    end();
    resolve(deliveries);
  };
  const take = (): boolean => {
    if (isOver) return false;
    const deliveries = subscription.lease({
      messagesMax: Math.min(maxMessages, MESSAGES_MAX),
      bytesMax: ANSWER_BYTES_MAX,
      isFirstExempt: true,
      deadlineMs: subscription.settings().ackDeadlineSeconds * 1_000,
    });
    if (deliveries.length > 0) finish(deliveries);
    return deliveries.length > 0;
  };
  const removePuller = subscription.addPuller({
    take,
    onClosed: (reason: StatusError) => {
      end();
      reject(reason);
    },
  });
  const timer = setTimeout(() => finish([]), returnImmediately ? 0 : PULL_WAIT_MS);
  signal.addEventListener('abort', () => finish([]), { once: true });
  return promise;
};

import type { Delivery } from './message.ts';
import type { StatusError } from './statusError.ts';
import type { Subscription } from './subscription.ts';

/** One answer holds no more bytes of messages than this. A larger message is sent alone. */
export const ANSWER_BYTES_MAX = 10_000_000;
/** How long a pull waits for its first message. Production says only that there is a limit. */
const PULL_WAIT_MS = 10_000;
/** One answer holds no more messages than this, even when the client asks for more. */
const MESSAGES_MAX = 1_000;

interface PullRequest {
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
  /** Aborted when the client is gone. Then the pull must lease no message any more. */
  readonly signal: AbortSignal;
}

/**
 * Takes the messages that are ready. When there are none, waits up to `PULL_WAIT_MS` for the first.
 * @returns an empty list when no message came.
 * @throws StatusError when the subscription pushes, or is deleted or stopped during the wait.
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

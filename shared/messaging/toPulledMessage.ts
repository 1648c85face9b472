import type { Message } from '@google-cloud/pubsub';
import type { ReceivedMessage } from './receivedMessage.ts';

/**
 * A message of Google's client as `ReceivedMessage`, which has the same fields however it was delivered. Its
 * publish time is cut to milliseconds, as that of a push is, so the event keeps its id if a subscription
 * changes from push to pull.
 * @param subscription the full name of the subscription, as a push names it.
 */
export const toPulledMessage = (
  { id, publishTime, data, attributes, deliveryAttempt }: Message,
  subscription: string,
): ReceivedMessage => ({
  subscription,
  messageId: id,
  publishTimeMs: publishTime.getTime(),
  data,
  attributes,
  // The client has 0 where the subscription has no dead-letter policy.
  deliveryAttempt: deliveryAttempt === 0 ? undefined : deliveryAttempt,
});

import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { IncomingEvent } from '../../shared/domain/event.ts';
import { toIncomingEvent } from '../../shared/messaging/toIncomingEvent.ts';
import type { SubscriptionSpec } from '../../shared/topology.ts';

/** The event that a message carries, as the functions read it: with its id, and with card numbers masked. */
export const eventOf = (
  { messageId, publishedAtMs, data, attributes }: Omit<PublishedMessage, 'orderingKey' | 'nth'>,
  spec: SubscriptionSpec,
): IncomingEvent =>
  toIncomingEvent(
    {
      subscription: spec.name,
      messageId,
      publishTimeMs: publishedAtMs,
      data,
      attributes,
      deliveryAttempt: undefined,
    },
    spec,
  );

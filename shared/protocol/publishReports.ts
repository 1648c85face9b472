import { toDeadLetterAttributes } from '../messaging/deadLetterAttributes.ts';
import type { Publisher } from '../messaging/publisher.ts';
import type { Tell } from '../messaging/settleMessage.ts';
import { DEAD_LETTER_TOPIC } from '../topology.ts';

/**
 * Tells by publishing to the dead-letter topic: the body, with reports and origin as attributes. All
 * reports of an event are one message. It resolves when Pub/Sub has confirmed it (I2).
 */
export const createPublishReports =
  ({ publish }: Pick<Publisher, 'publish'>): Tell =>
  async (event, reports) => {
    await publish(DEAD_LETTER_TOPIC[event.origin], {
      data: event.data,
      attributes: toDeadLetterAttributes(event, reports),
    });
  };

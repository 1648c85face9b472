import { gzipSync } from 'node:zlib';
import { toDeadLetterAttributes, ATTRIBUTE } from '../messaging/deadLetterAttributes.ts';
import type { Publisher } from '../messaging/publisher.ts';
import type { Tell } from '../messaging/pushEndpoint.ts';
import { DEAD_LETTER_TOPIC } from '../topology.ts';

/**
 * The largest body that is published as it is. Pub/Sub takes 10 MB in a request, so a larger body may leave
 * no room for the attributes. Such a body is packed: https://cloud.google.com/pubsub/quotas#resource_limits.
 */
export const PLAIN_BODY_BYTES_MAX = 9 * 1024 * 1024;

/**
 * Tells by publishing to the dead-letter topic: the body as it came, reports and origin as attributes. All
 * reports of an event are one message. It resolves when Pub/Sub has confirmed it (I2).
 */
export const createPublishReports =
  ({ publish }: Pick<Publisher, 'publish'>): Tell =>
  async (event, reports) => {
    const attributes = toDeadLetterAttributes(event, reports);
    const isPlain = event.data.byteLength <= PLAIN_BODY_BYTES_MAX;
    await publish(
      DEAD_LETTER_TOPIC[event.origin],
      isPlain
        ? { data: event.data, attributes }
        : { data: gzipSync(event.data), attributes: { ...attributes, [ATTRIBUTE.bodyEncoding]: 'gzip' } },
    );
  };

import { gzipSync } from 'node:zlib';
import type { DeadLetterReason, IncomingEvent } from '../domain/event.ts';
import { DEAD_LETTER_TOPIC } from '../topology.ts';
import { ATTRIBUTE, toDeadLetterAttributes } from './deadLetterAttributes.ts';
import type { Publisher } from './publisher.ts';

/**
 * The largest body that is published as it is. Pub/Sub takes 10 MB in a request, so a larger body may leave
 * no room for the attributes. Such a body is packed: https://cloud.google.com/pubsub/quotas#resource_limits.
 */
export const PLAIN_BODY_BYTES_MAX = 9 * 1024 * 1024;

/**
 * Publishes an event that cannot be joined now, or ever, to its dead-letter topic. Resolves when Pub/Sub has
 * confirmed it (I2).
 * @param error one sentence that says what was wrong.
 * @throws TransientError when Pub/Sub refused it, or did not confirm it in time.
 */
export type PublishDeadLetter = (
  event: IncomingEvent,
  reason: DeadLetterReason,
  error: string,
) => Promise<void>;

/** Publishes dead letters with Pub/Sub: the body as it came, the reason and the origin as attributes. */
export const createPublishDeadLetter =
  ({ publish }: Pick<Publisher, 'publish'>): PublishDeadLetter =>
  async (event, reason, error) => {
    const attributes = toDeadLetterAttributes(event, reason, error);
    const isPlain = event.data.byteLength <= PLAIN_BODY_BYTES_MAX;
    await publish(
      DEAD_LETTER_TOPIC[event.origin],
      isPlain
        ? { data: event.data, attributes }
        : { data: gzipSync(event.data), attributes: { ...attributes, [ATTRIBUTE.bodyEncoding]: 'gzip' } },
    );
  };

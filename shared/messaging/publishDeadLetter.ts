import { gzipSync } from 'node:zlib';
import type { DeadLetterReason, IncomingEvent } from '../domain/event.ts';
import { DEAD_LETTER_TOPIC } from '../topology.ts';
import { ATTRIBUTE, toDeadLetterAttributes } from './deadLetterAttributes.ts';
import type { Publisher } from './publisher.ts';

/** Pub/Sub takes 10 MB a request: a body above this leaves no room for the attributes, so it is packed. */
export const PLAIN_BODY_BYTES_MAX = 9 * 1024 * 1024;

/** Where a message goes that cannot be joined now, or ever. Resolves when Pub/Sub has confirmed it (I2). */
export type PublishDeadLetter = (
  event: IncomingEvent,
  reason: DeadLetterReason,
  error: string,
) => Promise<void>;

/** Dead letters over Pub/Sub: the body as it came, the reason and the origin in the attributes. */
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

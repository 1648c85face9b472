import type { PublishedMessage } from './message.ts';

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const ACK_STATUSES: ReadonlySet<number> = new Set([102, 200, 201, 202, 204]);

export interface PushRequest {
  readonly endpoint: string;
  readonly subscription: string;
  readonly message: PublishedMessage;
  /** Undefined without a dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one message to an endpoint, in production's wrapped body. True for an ack; whatever else happens is a nack. */
export const push = async (request: PushRequest): Promise<boolean> => {
  try {
    const response = await fetch(request.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toBody(request)),
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]),
    });
    await response.arrayBuffer();
    return ACK_STATUSES.has(response.status);
  } catch {
    // A refused connection, a reset and a timeout are nacks, as in production: the message comes again.
    return false;
  }
};

const toBody = ({ subscription, message, deliveryAttempt }: PushRequest) => {
  const { messageId, publishedAtMs, data, attributes, orderingKey } = message;
  const publishTime = new Date(publishedAtMs).toISOString();
  return {
    subscription,
    ...(deliveryAttempt === undefined ? {} : { deliveryAttempt }),
    message: {
      ...(data.byteLength === 0 ? {} : { data: Buffer.from(data).toString('base64') }),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      ...(orderingKey === '' ? {} : { orderingKey }),
      messageId,
      message_id: messageId,
      publishTime,
      publish_time: publishTime,
    },
  };
};

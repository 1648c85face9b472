import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PublishedMessage } from './message.ts';

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const ACK_STATUSES: ReadonlySet<number | undefined> = new Set([102, 200, 201, 202, 204]);
/** Idle connections that are kept for the next push. */
const FREE_SOCKETS_MAX = 512;

export interface PushRequest {
  readonly endpoint: string;
  readonly subscription: string;
  readonly message: PublishedMessage;
  /** Undefined without a dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
  /** The ack deadline: the request does not outlive it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one message to an endpoint; never rejects. True for an ack; whatever else happens is a nack. */
export type Push = (request: PushRequest) => Promise<boolean>;

export interface HttpPush {
  readonly push: Push;
  /** Closes the connections that are kept for later. */
  readonly close: () => void;
}

/**
 * Pushes over HTTP or HTTPS in production's wrapped body, without an Authorization header. The status alone is the
 * answer: a redirect is not followed, the body is thrown away. A refused connection, a reset and the end of the ack deadline are nacks.
 */
export const createHttpPush = (): HttpPush => {
  const http = new HttpAgent({ keepAlive: true, maxFreeSockets: FREE_SOCKETS_MAX });
  const https = new HttpsAgent({ keepAlive: true, maxFreeSockets: FREE_SOCKETS_MAX });

  const send: Push = (request) => {
    const { endpoint, timeoutMs, signal } = request;
    const url = new URL(endpoint);
    const isHttps = url.protocol === 'https:';
    const body = JSON.stringify(toBody(request));
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let isAck = false;
    const sent = (isHttps ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: isHttps ? https : http,
      signal,
    });
    const timer = setTimeout(() => sent.destroy(), timeoutMs);
    sent.on('response', (response) => {
      isAck = ACK_STATUSES.has(response.statusCode);
      // A body that breaks off changes nothing: its status was the answer.
      response.on('error', () => {});
      response.resume();
    });
    // An interim answer, after which nobody waits: https://www.rfc-editor.org/rfc/rfc2518#section-10.1
    sent.on('information', ({ statusCode }) => {
      if (!ACK_STATUSES.has(statusCode)) return;
      isAck = true;
      sent.destroy();
    });
    sent.on('error', () => {});
    // Not before, so that what is in flight is what is open.
    sent.on('close', () => {
      clearTimeout(timer);
      resolve(isAck);
    });
    sent.end(body);
    return promise;
  };

  return {
    // An endpoint that cannot even be asked is one that refuses.
    push: async (request) => {
      try {
        return await send(request);
      } catch {
        return false;
      }
    },
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
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

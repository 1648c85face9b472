import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PublishedMessage } from './message.ts';

/** The statuses that ack a message: https://cloud.google.com/pubsub/docs/push#receive_push */
const ACK_STATUSES: ReadonlySet<number | undefined> = new Set([102, 200, 201, 202, 204]);
/** So many idle connections are kept for later pushes. */
const FREE_SOCKETS_MAX = 512;

interface PushRequest {
  readonly endpoint: string;
  readonly subscription: string;
  readonly message: PublishedMessage;
  /** Undefined without a dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
  /** The ack deadline. The request ends then at the latest. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one message to an endpoint. True: an ack. False: a nack, or any failure. It never rejects. */
export type Push = (request: PushRequest) => Promise<boolean>;

interface HttpPush {
  readonly push: Push;
  /** Closes the connections that are kept for later. */
  readonly close: () => void;
}

/**
 * Pushes over HTTP or HTTPS, in the wrapped body of production, without an Authorization header. Only the
 * status of the answer counts: a redirect is not followed, and the body is thrown away. A refused connection,
 * a reset and the end of the ack deadline are nacks.
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
      // The status has arrived, and only that counts. The body may break off.
      response.on('error', () => {});
      response.resume();
    });
    // 102 is an interim answer. It acks, so the final answer does not matter:
    // https://www.rfc-editor.org/rfc/rfc2518#section-10.1
    sent.on('information', ({ statusCode }) => {
      if (!ACK_STATUSES.has(statusCode)) return;
      isAck = true;
      sent.destroy();
    });
    sent.on('error', () => {});
    // Only now: a push counts as in flight until its request is closed.
    sent.on('close', () => {
      clearTimeout(timer);
      resolve(isAck);
    });
    sent.end(body);
    return promise;
  };

  return {
    // A request that cannot even be made is a nack.
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

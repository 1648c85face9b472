import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import type { Delivery } from './message.ts';
import { ANSWER_BYTES_MAX } from './pull.ts';
import { type StreamingPullRequest, streamingPullSchema } from './requests.ts';
import { toReceivedMessage } from './resources.ts';
import { toServiceError } from './toServiceError.ts';
import { invalidArgument } from './statusError.ts';
import type { Subscription } from './subscription.ts';
import { assertAckDeadlineSeconds } from './subscriptionSettings.ts';

/** One response holds no more messages than this, so that several streams share a backlog. */
const MESSAGES_PER_RESPONSE = 100;

/**
 * Serves one StreamingPull. The first request names the subscription and the limits. A later request acks or
 * changes deadlines. An empty request keeps the stream alive, and gets an empty response. When the client
 * closes its half, the stream ends; its deliveries stay leased until their deadlines.
 */
export const serveStreamingPull = (broker: Broker, call: ServerDuplexStream<unknown, object>): void => {
  let stream: OpenStream | undefined;
  let isOver = false;

  const close = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    stream?.remove();
    if (error === undefined) call.end();
    else call.emit('error', toServiceError(error));
  };

  call.on('data', (message: unknown) => {
    if (isOver) return;
    try {
      const request = streamingPullSchema.parse(message);
      if (stream === undefined) stream = openStream(broker, call, request, close);
      else stream.onRequest(request);
    } catch (error) {
      close(error);
    }
  });
  call.on('end', () => close());
  call.on('cancelled', () => {
    isOver = true;
    stream?.remove();
  });
};

interface OpenStream {
  readonly onRequest: (request: StreamingPullRequest) => void;
  readonly remove: () => void;
}

const openStream = (
  broker: Broker,
  call: ServerDuplexStream<unknown, object>,
  first: StreamingPullRequest,
  close: (error: unknown) => void,
): OpenStream => {
  const subscription = broker.subscription(first.subscription);
  const messagesMax = limitOf(first.maxOutstandingMessages);
  const bytesMax = limitOf(first.maxOutstandingBytes);
  const outstanding = { messages: 0, bytes: 0 };
  let deadlineSeconds = first.streamAckDeadlineSeconds;
  assertAckDeadlineSeconds(deadlineSeconds);
  let isBackedUp = false;

  const take = (): boolean => {
    const isAtLimit = outstanding.messages >= messagesMax || outstanding.bytes >= bytesMax;
    if (isAtLimit || isBackedUp) return false;
    const deliveries = subscription.lease({
      messagesMax: Math.min(messagesMax - outstanding.messages, MESSAGES_PER_RESPONSE),
      bytesMax: Math.min(bytesMax - outstanding.bytes, ANSWER_BYTES_MAX),
      isFirstExempt: outstanding.messages === 0,
      deadlineMs: deadlineSeconds * 1_000,
      onEnd: (delivery) => {
        outstanding.messages -= 1;
        outstanding.bytes -= delivery.bytes;
        subscription.wake();
      },
    });
    if (deliveries.length === 0) return false;
    outstanding.messages += deliveries.length;
    outstanding.bytes += bytesOf(deliveries);
    const settings = subscription.settings();
    isBackedUp = !call.write({
      receivedMessages: deliveries.map((delivery) => toReceivedMessage(delivery, settings)),
      subscriptionProperties: PROPERTIES,
    });
    return true;
  };

  const onRequest = (request: StreamingPullRequest): void => {
    if (request.subscription !== '') throw invalidArgument('Only the first request names the subscription.');
    settle(subscription, request);
    const { streamAckDeadlineSeconds: seconds } = request;
    if (seconds !== 0) {
      assertAckDeadlineSeconds(seconds);
      deadlineSeconds = seconds;
    } else if (request.ackIds.length + request.modifyDeadlineAckIds.length === 0) {
      call.write({});
    }
  };

  call.on('drain', () => {
    isBackedUp = false;
    subscription.wake();
  });
  settle(subscription, first);
  const remove = subscription.addPuller({ take, onClosed: close });
  call.write({ subscriptionProperties: PROPERTIES });
  return { onRequest, remove };
};

const PROPERTIES = { exactlyOnceDeliveryEnabled: false, messageOrderingEnabled: false };

const settle = (subscription: Subscription, request: StreamingPullRequest): void => {
  subscription.acknowledge(request.ackIds);
  request.modifyDeadlineAckIds.forEach((ackId, index) => {
    subscription.modifyAckDeadline([ackId], request.modifyDeadlineSeconds[index] ?? 0);
  });
};

/** A stream's limit. 0 or less: no limit. */
const limitOf = (value: number): number => (value > 0 ? value : Number.POSITIVE_INFINITY);

const bytesOf = (deliveries: readonly Delivery[]): number =>
  deliveries.reduce((sum, { bytes }) => sum + bytes, 0);

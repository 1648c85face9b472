import type { Message, PubSub, Subscription } from '@google-cloud/pubsub';
import type { PublisherConfig } from '../config.ts';
import { ACK_DEADLINE_SECONDS, DRAIN_TIMEOUT_MS, LEASE_SECONDS_MAX, QUEUE_TIMEOUT_MS } from '../deadlines.ts';
import { errorFields } from '../telemetry/errorFields.ts';
import { type ConsumerFunction, nameIn, SUBSCRIPTIONS, type SubscriptionSpec } from '../topology.ts';
import { type ConsumerParts, createSettleMessage } from './settleMessage.ts';
import { toPulledMessage } from './toPulledMessage.ts';
import { setImmediate } from 'node:timers/promises';
import { createWorkQueue } from './workQueue.ts';

/**
 * What a stream may hold: delivered and not yet acked. Pub/Sub itself keeps to it. More than is in hand only
 * waits, and what waits for too long is given back, which counts as an attempt.
 */
const STREAM_MESSAGES_MAX = 256;
const STREAM_BYTES_MAX = 32 * 1024 * 1024;
/** More requests in flight gain nothing with Cassandra's driver. Each message has one at a time. */
const IN_HAND_MESSAGES_MAX = 128;
/** While a message is handled, it takes several times its size. */
const IN_HAND_BYTES_MAX = 32 * 1024 * 1024;
/** Acks of so many milliseconds share a request. What a crash loses of them is delivered again. */
const ACK_WAIT_MS = 20;

interface PullDeps {
  readonly config: Pick<PublisherConfig, 'projectId' | 'pubsubEmulatorHost' | 'environment'>;
  readonly parts: Readonly<Record<ConsumerFunction, ConsumerParts>>;
  /** How long a drain may take; `DRAIN_TIMEOUT_MS` when left out. */
  readonly drainTimeoutMs?: number;
}

interface Pulling {
  /**
   * Rejects when a stream ends for good, such as that of a subscription that does not exist. The client
   * reconnects by itself after an error that passes. Never resolves.
   */
  readonly failed: Promise<never>;
  readonly inHand: () => number;
  readonly waiting: () => number;
  /**
   * Takes nothing more, gives back what waits, and finishes what is in hand. What is not finished a second
   * before `drainTimeoutMs` ends is given back too. Acks are sent before it resolves.
   */
  readonly drain: () => Promise<void>;
}

/**
 * Consumes all subscriptions of the topology over StreamingPull. The client extends the leases of messages
 * that wait or are in hand. A message that could not be settled is nacked, and comes again after the
 * subscription's backoff, alone: unlike push, pull slows nothing else down.
 */
export const startPulling = async (deps: PullDeps): Promise<Pulling> => {
  const { config, parts, drainTimeoutMs = DRAIN_TIMEOUT_MS } = deps;
  const { PubSub, Duration } = await import('@google-cloud/pubsub');
  const { projectId, pubsubEmulatorHost, environment } = config;
  const client: PubSub = new PubSub({
    ...(projectId === undefined ? {} : { projectId }),
    ...(pubsubEmulatorHost === undefined ? {} : { apiEndpoint: pubsubEmulatorHost, emulatorMode: true }),
  });
  const failed = Promise.withResolvers<never>();
  // Perhaps nobody waits for it yet. Its rejection must not end this process.
  failed.promise.catch(() => {});
  const queue = createWorkQueue({
    messagesMax: IN_HAND_MESSAGES_MAX,
    bytesMax: IN_HAND_BYTES_MAX,
    waitMaxMs: QUEUE_TIMEOUT_MS,
  });
  const options = {
    flowControl: { maxMessages: STREAM_MESSAGES_MAX, maxBytes: STREAM_BYTES_MAX },
    // The limits hold for each stream, so there is one.
    streamingOptions: { maxStreams: 1 },
    batching: { maxMilliseconds: ACK_WAIT_MS },
    minAckDeadline: Duration.from({ seconds: ACK_DEADLINE_SECONDS }),
    maxAckDeadline: Duration.from({ seconds: ACK_DEADLINE_SECONDS }),
    maxExtensionTime: Duration.from({ seconds: LEASE_SECONDS_MAX }),
    closeOptions: { behavior: 'WAIT' as const, timeout: Duration.from({ milliseconds: drainTimeoutMs }) },
  };
  const subscriptions = SUBSCRIPTIONS.map((spec) => {
    const subscription = client.subscription(nameIn(environment, spec.name), options);
    const settle = createSettle(subscription, spec, parts[spec.consumer]);
    const tellLate = createTellLate();
    subscription.on('message', (message: Message) =>
      queue.add({
        bytes: message.length,
        run: () => settle(message),
        giveBack: (why) => {
          message.nack();
          // A stop is no fault of the worker, so no alert counts what it gives back.
          if (why === 'waited too long') tellLate(() => settle(message, true));
        },
      }),
    );
    subscription.on('error', failed.reject);
    return subscription;
  });
  return {
    failed: failed.promise,
    inHand: queue.inHand,
    waiting: queue.waiting,
    drain: async () => {
      queue.stop();
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await client.close();
    },
  };
};

/** Many are given back at once, and each line reads a body. So there is one in a turn of the event loop. */
const createTellLate = () => {
  let last = Promise.resolve();
  return (tell: () => Promise<void>): void => {
    last = last.then(() => setImmediate()).then(tell);
  };
};

const createSettle = (subscription: Subscription, spec: SubscriptionSpec, parts: ConsumerParts) => {
  const settleMessage = createSettleMessage(parts);
  return async (message: Message, hasWaitedTooLong = false): Promise<void> => {
    const delivery = { startedAt: performance.now(), hasWaitedTooLong };
    try {
      const answer = await settleMessage(toPulledMessage(message, subscription.name), spec, delivery);
      if (answer === 'ack') message.ack();
      else message.nack();
    } catch (error) {
      // Only a settlement that the types exclude gets here. Nobody knows what it means, so it is not acked.
      parts.log.error(errorFields(error), 'message not settled');
      message.nack();
    }
  };
};

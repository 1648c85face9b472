import { createConsumerParts } from '../../../functions/createConsumers.ts';
import { createLocalFeed, type LocalFeed } from '../../../console/feed/localFeed.ts';
import type { Push } from '../../../local/pubsub/server/httpPush.ts';
import { until } from '../../../proof/until.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createSettleMessage } from '../../../shared/messaging/settleMessage.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import type { Store } from '../../../shared/store/store.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { findSubscription, SUBSCRIPTIONS, type Topic, TOPICS } from '../../../shared/topology.ts';
import {
  pushTo,
  subscriptionName,
  subscriptionSettings,
  testBroker,
  topicName,
} from '../pubsub/testBroker.ts';

interface FeedWorldOptions {
  /** Default true. */
  readonly isWitnessed?: boolean;
  /** Default: the store always answers. */
  readonly isStoreAway?: () => boolean;
  /** Default: every push is handled. False: nobody takes it, as when the function is away. */
  readonly isTaken?: () => boolean;
  readonly maxDeliveryAttempts?: number;
  /** Default false. True: a seek brings acked messages back. */
  readonly retainAckedMessages?: boolean;
  /** Default: an empty one. Another one has what an earlier run left in it. */
  readonly store?: Store & AuditSource;
}

/**
 * The real Pub/Sub and the real consumers in one process, on a store in memory, with a feed that sees them.
 */
export const createFeedWorld = (options: FeedWorldOptions = {}) => {
  const {
    isWitnessed = true,
    isStoreAway = () => false,
    isTaken = () => true,
    maxDeliveryAttempts = 100,
    retainAckedMessages = false,
  } = options;
  const feed: LocalFeed = createLocalFeed({ clock: Date.now, isWitnessed });
  const store: Store & AuditSource = options.store ?? createMemoryStore();
  const publish = (topic: Topic, data: Uint8Array, attributes: Record<string, string> = {}): string =>
    broker.publish(topicName(topic), [{ data, attributes, orderingKey: '' }])[0] ?? '';
  const parts = createConsumerParts({
    store,
    publisher: { publish: async (topic, { data, attributes }) => publish(topic, data, { ...attributes }) },
    clock: Date.now,
    log: (name) => createLog(name, 'debug', { write: (line) => feed.onFunctionLine(name, line.trim()) }),
    wrapHandler: (handle) => async (event) => {
      if (isStoreAway()) throw new TransientError('the store did not answer');
      return handle(event);
    },
  });
  const push: Push = async ({ subscription, message, deliveryAttempt }) => {
    const spec = findSubscription(subscription);
    if (spec === undefined || !isTaken()) return false;
    const { publishedAtMs: publishTimeMs, messageId, data, attributes } = message;
    const pushed = { subscription, messageId, publishTimeMs, data, attributes, deliveryAttempt };
    const settle = createSettleMessage(parts[spec.consumer]);
    return (await settle(pushed, spec, { startedAt: performance.now() })) === 'ack';
  };
  const pushBackoff = { minMs: 1, maxMs: 5 };
  const broker = testBroker({ push, pushBackoff, ...(isWitnessed ? { witness: feed.witness } : {}) });
  for (const topic of TOPICS) broker.createTopic({ name: topicName(topic), labels: {} });
  for (const { name, topic, deadLetter } of SUBSCRIPTIONS) {
    broker.createSubscription(
      subscriptionSettings(name, topic, {
        ...pushTo(`http://${name}`),
        retainAckedMessages,
        ...(deadLetter === undefined
          ? {}
          : { deadLetterPolicy: { topic: topicName(deadLetter.topic), maxDeliveryAttempts } }),
      }),
    );
  }
  const backlog = (): number =>
    SUBSCRIPTIONS.reduce(
      (sum, { name }) => sum + broker.subscription(subscriptionName(name)).owed().messages,
      0,
    );

  return {
    feed,
    store,
    broker,
    /** @param body becomes JSON, unless it is a text. */
    publish: (topic: Topic, body: object | string, attributes: Record<string, string> = {}): string =>
      publish(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), attributes),
    /** Everything is acked, the dead letters too. */
    untilSettled: (): Promise<unknown> => until('an empty Pub/Sub', () => backlog() === 0),
    stop: async (): Promise<void> => {
      feed.stop();
      await broker.stop();
    },
  };
};

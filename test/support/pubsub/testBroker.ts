import { PUSH_BACKOFF } from '../../../local/pubsub/server/backoff.ts';
import { type Broker, type BrokerOptions, createBroker } from '../../../local/pubsub/server/broker.ts';
import { createFaults, FAULTS_OFF } from '../../../local/pubsub/server/faults.ts';
import type { NewMessage } from '../../../local/pubsub/server/message.ts';
import type { SubscriptionSettings } from '../../../local/pubsub/server/subscriptionSettings.ts';

const PROJECT = 'projects/test';
export const topicName = (topic: string): string => `${PROJECT}/topics/${topic}`;
export const subscriptionName = (name: string): string => `${PROJECT}/subscriptions/${name}`;

/**
 * The local Pub/Sub without gRPC and HTTP. Unless the test gives a `push`, every push is acked and goes
 * nowhere.
 */
export const testBroker = (options: Partial<BrokerOptions> = {}): Broker =>
  createBroker({
    push: async () => true,
    pushBackoff: PUSH_BACKOFF,
    faults: createFaults(FAULTS_OFF),
    ...options,
  });

/** A pull subscription with production's defaults. */
export const subscriptionSettings = (
  name: string,
  topic: string,
  changes: Partial<SubscriptionSettings> = {},
): SubscriptionSettings => ({
  name: subscriptionName(name),
  topic: topicName(topic),
  pushConfig: { pushEndpoint: '', attributes: {}, oidcToken: undefined },
  ackDeadlineSeconds: 10,
  retentionSeconds: 604_800,
  retainAckedMessages: false,
  retryPolicy: undefined,
  deadLetterPolicy: undefined,
  expirationTtlSeconds: undefined,
  labels: {},
  ...changes,
});

export const pushTo = (pushEndpoint: string): Pick<SubscriptionSettings, 'pushConfig'> => ({
  pushConfig: { pushEndpoint, attributes: {}, oidcToken: undefined },
});

export const newMessage = (text: string): NewMessage => ({
  data: Buffer.from(text),
  attributes: {},
  orderingKey: '',
});

import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js';
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { Construct } from 'constructs';
import {
  type ConsumerFunction,
  type DeadLetterTopic,
  nameIn,
  SUBSCRIPTIONS,
  type SubscriptionSpec,
  type Topic,
} from '../../shared/topology.ts';
import { CONSUMER_MEMORY } from '../limits.ts';
import { labelsOf, pubSubAgent } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import { FunctionService, type Platform } from './FunctionService.ts';
import type { Topics } from './Topics.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';

interface PushConsumerProps {
  readonly platform: Platform;
  readonly name: ConsumerFunction;
  readonly topics: Topics;
  readonly cassandra: CassandraAccess;
  /** Pub/Sub pushes with the identity of this account. */
  readonly pusher: ServiceAccount;
  /** Handles the dead letters of this consumer. `onDlq` publishes none, so it has none. */
  readonly deadLetters?: PushConsumer;
}

/**
 * A consumer: its function, the subscriptions that push to it, and all grants for both. A first apply may
 * stop anywhere, and Pub/Sub loses a dead letter on a topic without a subscription. So a subscription is
 * created only after everything that handles its messages.
 */
export class PushConsumer extends Construct {
  readonly service: FunctionService;
  readonly #props: PushConsumerProps;
  readonly #subscriptions = new Map<Topic, PubsubSubscription>();

  constructor(scope: Construct, id: string, props: PushConsumerProps) {
    super(scope, id);
    const { platform, name, cassandra, pusher } = props;
    this.#props = props;
    this.service = new FunctionService(this, 'service', {
      ...platform,
      ...platform.config.limits,
      name,
      description: `Tally: handles the messages that Pub/Sub pushes to ${name}`,
      ingress: 'internal',
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      memory: CONSUMER_MEMORY,
    });
    cassandra.grantConnect(this.service);
    const invoker = this.service.grantInvoke('push', pusher.member);
    for (const spec of SUBSCRIPTIONS.filter(({ consumer }) => consumer === name)) {
      // Only consumers of an input topic publish dead letters. `onDlq` never publishes, so it cannot send a
      // message to itself.
      const deadLettering = spec.deadLetter === undefined ? [] : this.#deadLetterTo(spec.deadLetter.topic);
      const subscription = this.#subscribe(spec, [invoker, ...deadLettering]);
      if (spec.deadLetter !== undefined) this.#grantForwarding(spec, subscription);
      this.#subscriptions.set(spec.topic, subscription);
    }
  }

  get subscriptions(): readonly PubsubSubscription[] {
    return [...this.#subscriptions.values()];
  }

  #subscriptionOn(topic: Topic): PubsubSubscription {
    const subscription = this.#subscriptions.get(topic);
    if (subscription === undefined) throw new Error(`${this.#props.name} has no subscription on ${topic}`);
    return subscription;
  }

  /**
   * Opens both ways to a dead-letter topic: the function publishes to it, and Pub/Sub forwards to it.
   * @returns the resources that must exist before the first message.
   */
  #deadLetterTo(topic: DeadLetterTopic): TerraformResource[] {
    const { name, topics, deadLetters } = this.#props;
    if (deadLetters === undefined)
      throw new Error(`${name} publishes to ${topic}, but no consumer handles its dead letters`);
    return [
      deadLetters.#subscriptionOn(topic),
      this.service.grantPublish(topics, topic),
      topics.grantForwarding(topic),
    ];
  }

  #subscribe(spec: SubscriptionSpec, dependsOn: readonly TerraformResource[]): PubsubSubscription {
    const { platform, topics, pusher } = this.#props;
    const { config } = platform;
    return new PubsubSubscription(this, spec.name, {
      project: config.project,
      name: nameIn(config.environment, spec.name),
      topic: topics.idOf(spec.topic),
      labels: labelsOf(config),
      ackDeadlineSeconds: spec.ackDeadlineSeconds,
      messageRetentionDuration: `${spec.retentionSeconds}s`,
      // An empty string means never. By default, Google deletes a subscription and its messages after 31 idle
      // days: https://cloud.google.com/pubsub/docs/subscription-properties#expiration_period
      expirationPolicy: { ttl: '' },
      retryPolicy: {
        minimumBackoff: `${spec.minimumBackoffSeconds}s`,
        maximumBackoff: `${spec.maximumBackoffSeconds}s`,
      },
      pushConfig: {
        pushEndpoint: this.service.url,
        oidcToken: { serviceAccountEmail: pusher.email, audience: this.service.url },
      },
      ...(spec.deadLetter === undefined
        ? {}
        : {
            deadLetterPolicy: {
              deadLetterTopic: topics.idOf(spec.deadLetter.topic),
              maxDeliveryAttempts: spec.deadLetter.maxDeliveryAttempts,
            },
          }),
      lifecycle: { preventDestroy: !config.allowDestroy },
      dependsOn: [...dependsOn],
    });
  }

  /** To forward a message, Pub/Sub publishes it and then acks it on its subscription. This grants the ack. */
  #grantForwarding(spec: SubscriptionSpec, subscription: PubsubSubscription): void {
    const { config } = this.#props.platform;
    new PubsubSubscriptionIamMember(this, `${spec.name}-forwarding`, {
      project: config.project,
      subscription: subscription.name,
      role: 'roles/pubsub.subscriber',
      member: pubSubAgent(config),
    });
  }
}

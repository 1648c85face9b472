import {
  PubsubSubscription,
  type PubsubSubscriptionPushConfig,
} from '@cdktf/provider-google/lib/pubsub-subscription/index.js';
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
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
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, pubSubAgent } from '../names.ts';
import type { Topics } from './Topics.ts';

/** What handles the messages of a consumer: a function that Pub/Sub pushes to, or the worker, which pulls. */
export interface Receiver {
  /** Names the grants of its account. */
  readonly grantee: string;
  readonly member: string;
  /** Absent when it pulls. */
  readonly pushConfig?: PubsubSubscriptionPushConfig;
  /** What must exist before a subscription may deliver to it. */
  readonly deliverAfter: readonly TerraformResource[];
}

interface ConsumerProps {
  readonly config: DeploymentConfig;
  readonly name: ConsumerFunction;
  readonly topics: Topics;
  /** Makes the receiver of the messages, in the scope of the consumer. */
  readonly receive: (scope: Construct, name: ConsumerFunction) => Receiver;
  /** Handles the dead letters of this consumer. `onDlq` publishes none, so it has none. */
  readonly deadLetters?: Consumer;
}

/**
 * A consumer: what receives its messages, its subscriptions, and all grants for both. A first apply may stop
 * anywhere, and Pub/Sub loses a dead letter on a topic without a subscription. So a subscription is created
 * only after everything that it needs.
 *
 * A subscription has the same address in Terraform whether it pushes or not. So a deployment may change from
 * one to the other, and no subscription is deleted with the messages that wait in it.
 */
export class Consumer extends Construct {
  readonly #props: ConsumerProps;
  readonly #receiver: Receiver;
  readonly #subscriptions = new Map<Topic, PubsubSubscription>();

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.#props = props;
    const { name, receive } = props;
    this.#receiver = receive(this, name);
    for (const spec of SUBSCRIPTIONS.filter(({ consumer }) => consumer === name)) {
      // Only consumers of an input topic publish dead letters. `onDlq` never publishes, so it cannot send a
      // message to itself.
      const deadLettering = spec.deadLetter === undefined ? [] : this.#deadLetterTo(spec.deadLetter.topic);
      const subscription = this.#subscribe(spec, [...this.#receiver.deliverAfter, ...deadLettering]);
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
   * Opens both ways to a dead-letter topic: the receiver publishes to it, and Pub/Sub forwards to it.
   * @returns the resources that must exist before the first message.
   */
  #deadLetterTo(topic: DeadLetterTopic): TerraformResource[] {
    const { name, topics, deadLetters } = this.#props;
    if (deadLetters === undefined)
      throw new Error(`${name} publishes to ${topic}, but no consumer handles its dead letters`);
    return [
      deadLetters.#subscriptionOn(topic),
      topics.grantPublish(topic, this.#receiver.grantee, this.#receiver.member),
      topics.grantForwarding(topic),
    ];
  }

  #subscribe(spec: SubscriptionSpec, dependsOn: readonly TerraformResource[]): PubsubSubscription {
    const { config, topics } = this.#props;
    const { pushConfig } = this.#receiver;
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
      ...(pushConfig === undefined ? {} : { pushConfig }),
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
    const { config } = this.#props;
    new PubsubSubscriptionIamMember(this, `${spec.name}-forwarding`, {
      project: config.project,
      subscription: subscription.name,
      role: 'roles/pubsub.subscriber',
      member: pubSubAgent(config),
    });
  }
}

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
  readonly subscriptions: readonly PubsubSubscription[];

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.#props = props;
    const { name, topics, receive } = props;
    this.#receiver = receive(this, name);
    this.subscriptions = SUBSCRIPTIONS.filter(({ consumer }) => consumer === name).map((spec) => {
      // Only consumers of an input topic publish dead letters. `onDlq` never publishes, so it cannot send a
      // message to itself.
      const deadLettering = spec.deadLetter === undefined ? [] : this.#deadLetterTo(spec.deadLetter.topic);
      const subscription = this.#subscribe(spec, [...this.#receiver.deliverAfter, ...deadLettering]);
      if (spec.deadLetter !== undefined) this.#grantForwarding(spec, subscription);
      topics.setSubscription(spec.topic, subscription);
      return subscription;
    });
  }

  /**
   * Opens both ways to a dead-letter topic: the receiver publishes to it, and Pub/Sub forwards to it. Both
   * come after the topic's subscription.
   * @returns the resources that must exist before the first message.
   */
  #deadLetterTo(topic: DeadLetterTopic): TerraformResource[] {
    const { topics } = this.#props;
    return [
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

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
  /** Under whose name Pub/Sub pushes. */
  readonly pusher: ServiceAccount;
  /** Who handles what this one dead-letters; undefined for `onDlq`, which dead-letters nothing. */
  readonly deadLetters?: PushConsumer;
}

/**
 * A consumer: its function, the topology's subscriptions that push to it, and every grant that belongs to the two. Nothing is
 * pushed before it can be handled: a first apply may stop anywhere, and a dead letter on a topic without a subscription is lost.
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
      description: `Tally: handles what is pushed to ${name}`,
      ingress: 'internal',
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      memory: CONSUMER_MEMORY,
    });
    cassandra.grantConnect(this.service);
    const invoker = this.service.grantInvoke('push', pusher.member);
    for (const spec of SUBSCRIPTIONS.filter(({ consumer }) => consumer === name)) {
      // A consumer of an input dead-letters; `onDlq` never publishes, so that it cannot feed itself.
      const deadLettering = spec.deadLetter === undefined ? [] : this.#deadLetterTo(spec.deadLetter.topic);
      const subscription = this.#subscribe(spec, [invoker, ...deadLettering]);
      if (spec.deadLetter !== undefined) this.#grantForwarding(spec, subscription);
      this.#subscriptions.set(spec.topic, subscription);
    }
  }

  #subscriptionOn(topic: Topic): PubsubSubscription {
    const subscription = this.#subscriptions.get(topic);
    if (subscription === undefined) throw new Error(`${this.#props.name} subscribes to no ${topic}`);
    return subscription;
  }

  /** Both ways to a dead-letter topic, the function's own and Pub/Sub's. @returns what has to be there before the first message. */
  #deadLetterTo(topic: DeadLetterTopic): TerraformResource[] {
    const { name, topics, deadLetters } = this.#props;
    if (deadLetters === undefined) throw new Error(`nobody handles what ${name} dead-letters to ${topic}`);
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
      // Empty: never. Otherwise Google deletes it, and what it holds, after 31 idle days.
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
      dependsOn: [...dependsOn],
    });
  }

  /** Forwarding is a publish, then an ack on the source, both in Pub/Sub's own name: this is the ack. */
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

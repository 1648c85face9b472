import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js';
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { Construct } from 'constructs';
import {
  type ConsumerFunction,
  DEAD_LETTER_TOPIC,
  nameIn,
  SUBSCRIPTIONS,
  type SubscriptionSpec,
} from '../../shared/topology.ts';
import { CONSUMER_MEMORY, CONSUMER_TIMEOUT_SECONDS } from '../limits.ts';
import { labelsOf, pubSubAgent } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import { FunctionService, type Platform } from './FunctionService.ts';
import type { Topics } from './Topics.ts';

export interface PushConsumerProps {
  readonly platform: Platform;
  readonly name: ConsumerFunction;
  readonly topics: Topics;
  readonly cassandra: CassandraAccess;
  /** Under whose name Pub/Sub pushes. */
  readonly pusher: ServiceAccount;
}

/** A consumer: its function, the topology's subscriptions that push to it, and every grant that belongs to the two. */
export class PushConsumer extends Construct {
  readonly service: FunctionService;
  readonly #props: PushConsumerProps;

  constructor(scope: Construct, id: string, props: PushConsumerProps) {
    super(scope, id);
    const { platform, name, topics, cassandra, pusher } = props;
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
    this.service.grantInvoke('push', pusher.member);
    for (const spec of SUBSCRIPTIONS.filter(({ consumer }) => consumer === name)) {
      this.#subscribe(spec);
      // A consumer of an input dead-letters; `onDlq` never publishes, so that it cannot feed itself.
      if (spec.topic === spec.origin) this.service.grantPublish(topics, DEAD_LETTER_TOPIC[spec.origin]);
    }
  }

  #subscribe(spec: SubscriptionSpec): void {
    const { platform, topics, pusher } = this.#props;
    const { config } = platform;
    const subscription = new PubsubSubscription(this, spec.name, {
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
    });
    if (spec.deadLetter === undefined) return;
    // Forwarding is a publish, then an ack on the source, both in Pub/Sub's own name.
    topics.grantForwarding(spec.deadLetter.topic);
    new PubsubSubscriptionIamMember(this, `${spec.name}-forwarding`, {
      project: config.project,
      subscription: subscription.name,
      role: 'roles/pubsub.subscriber',
      member: pubSubAgent(config),
    });
  }
}

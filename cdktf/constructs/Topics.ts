import type { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js';
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic/index.js';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member/index.js';
import { Construct } from 'constructs';
import { INPUT_TOPICS, nameIn, TOPIC_RETENTION_SECONDS, TOPICS, type Topic } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, pubSubAgent } from '../names.ts';

/**
 * All topics of the topology, and the rights to publish to them. Pub/Sub confirms a message on a topic
 * without a subscription, and never delivers it. A first apply takes minutes from a topic to its
 * subscription, and may stop in between. So nobody may publish to a topic before it has one.
 */
export class Topics extends Construct {
  readonly #project: string;
  readonly #agent: string;
  readonly #topics: ReadonlyMap<Topic, PubsubTopic>;
  readonly #subscriptions = new Map<Topic, PubsubSubscription>();

  constructor(scope: Construct, id: string, { config }: { readonly config: DeploymentConfig }) {
    super(scope, id);
    this.#project = config.project;
    this.#agent = pubSubAgent(config);
    this.#topics = new Map(
      TOPICS.map((name) => [
        name,
        new PubsubTopic(this, name, {
          project: config.project,
          name: nameIn(config.environment, name),
          labels: labelsOf(config),
          messageRetentionDuration: `${TOPIC_RETENTION_SECONDS}s`,
          lifecycle: { preventDestroy: !config.allowDestroy },
        }),
      ]),
    );
  }

  /** Returns the id of a topic: `projects/<project>/topics/<name>`. */
  idOf(name: Topic): string {
    return this.#get(name).id;
  }

  /** Tells that a topic has its subscription. The grants that follow are made after it. */
  setSubscription(name: Topic, subscription: PubsubSubscription): void {
    this.#subscriptions.set(name, subscription);
  }

  /** Lets a member publish orders and payments. */
  grantInputs(id: string, member: string): void {
    for (const topic of INPUT_TOPICS) this.grantPublish(topic, id, member);
  }

  /**
   * Lets a member publish to a topic.
   * @param id names the grant. It is unique among the grants of the topic.
   * @throws Error when the topic has no subscription yet.
   */
  grantPublish(name: Topic, id: string, member: string): PubsubTopicIamMember {
    const subscription = this.#subscriptions.get(name);
    if (subscription === undefined)
      throw new Error(`${id} may publish to ${name}, but nobody subscribes to it`);
    return new PubsubTopicIamMember(this, `${name}-${id}`, {
      project: this.#project,
      topic: this.#get(name).name,
      role: 'roles/pubsub.publisher',
      member,
      dependsOn: [subscription],
    });
  }

  /** Lets Pub/Sub forward messages to a dead-letter topic. It does so with its own account. */
  grantForwarding(name: Topic): PubsubTopicIamMember {
    return this.grantPublish(name, 'forwarding', this.#agent);
  }

  #get(name: Topic): PubsubTopic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Error(`the topology has no topic ${name}`);
    return topic;
  }
}

import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic/index.js';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member/index.js';
import { Construct } from 'constructs';
import { INPUT_TOPICS, nameIn, TOPIC_RETENTION_SECONDS, TOPICS, type Topic } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { labelsOf, pubSubAgent } from '../names.ts';

/** All topics of the topology, and the rights of those who produce orders and payments. */
export class Topics extends Construct {
  readonly #project: string;
  readonly #agent: string;
  readonly #topics: ReadonlyMap<Topic, PubsubTopic>;

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
    for (const topic of INPUT_TOPICS)
      for (const producer of config.producers) this.grantPublish(topic, producer, producer);
  }

  /** Returns the id of a topic: `projects/<project>/topics/<name>`. */
  idOf(name: Topic): string {
    return this.#get(name).id;
  }

  /**
   * Lets a member publish to a topic.
   * @param id names the grant. It is unique among the grants of the topic.
   */
  grantPublish(name: Topic, id: string, member: string): PubsubTopicIamMember {
    return new PubsubTopicIamMember(this, `${name}-${id}`, {
      project: this.#project,
      topic: this.#get(name).name,
      role: 'roles/pubsub.publisher',
      member,
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

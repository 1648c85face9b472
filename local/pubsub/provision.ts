import { PubSub } from '@google-cloud/pubsub';
import { SUBSCRIPTIONS, type SubscriptionSpec, type TallyFunction, TOPICS } from '../../shared/topology.ts';

/** gRPC's status code for something that is there already: https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;
/** Google's emulator takes no more than seven days; production takes 31, and a laptop needs neither. */
const RETENTION_SECONDS_MAX = 7 * 24 * 60 * 60;

export interface ProvisionOptions {
  readonly projectId: string;
  /** `host:port` of an emulator. */
  readonly pubsub: string;
  /** Where each function listens; a consumer without an address gets a subscription that keeps its backlog. */
  readonly functionUrls: Partial<Readonly<Record<TallyFunction, string>>>;
  /** Tests may shorten delays; everybody else gets the topology's numbers. */
  readonly change?: ((spec: SubscriptionSpec) => SubscriptionSpec) | undefined;
}

/** Creates the topology's topics and subscriptions, or brings those that exist up to date. Doing it again changes nothing. */
export const provision = async (options: ProvisionOptions): Promise<void> => {
  const { projectId, pubsub, functionUrls, change = (spec) => spec } = options;
  // There is no Google metadata server beside an emulator, and the client would look for one.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
  try {
    for (const topic of TOPICS) await unlessThere(client.createTopic(topic));
    for (const spec of SUBSCRIPTIONS.map(change)) {
      const endpoint = functionUrls[spec.consumer];
      const pushConfig = endpoint === undefined ? {} : { pushEndpoint: endpoint };
      await unlessThere(
        client.createSubscription(spec.topic, spec.name, { ...settingsOf(projectId, spec), pushConfig }),
      );
      // For a subscription that was there, whose functions may have listened elsewhere.
      await client.subscription(spec.name).modifyPushConfig(pushConfig);
    }
  } finally {
    await client.close();
  }
};

const settingsOf = (projectId: string, spec: SubscriptionSpec) => ({
  ackDeadlineSeconds: spec.ackDeadlineSeconds,
  messageRetentionDuration: Math.min(spec.retentionSeconds, RETENTION_SECONDS_MAX),
  // Empty: an idle subscription is never deleted.
  expirationPolicy: {},
  retryPolicy: {
    minimumBackoff: { seconds: spec.minimumBackoffSeconds },
    maximumBackoff: { seconds: spec.maximumBackoffSeconds },
  },
  ...(spec.deadLetter === undefined
    ? {}
    : {
        deadLetterPolicy: {
          deadLetterTopic: `projects/${projectId}/topics/${spec.deadLetter.topic}`,
          maxDeliveryAttempts: spec.deadLetter.maxDeliveryAttempts,
        },
      }),
});

const unlessThere = async (creation: Promise<unknown>): Promise<void> => {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error;
  }
};

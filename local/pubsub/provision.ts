import { PubSub } from '@google-cloud/pubsub';
import { SUBSCRIPTIONS, type SubscriptionSpec, type TallyFunction, TOPICS } from '../../shared/topology.ts';

/** gRPC's status code for something that is there already: https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;
/** Google's emulator takes no more than seven days; production takes 31. */
const EMULATOR_RETENTION_SECONDS_MAX = 7 * 24 * 60 * 60;

export interface ProvisionOptions {
  readonly projectId: string;
  /** `host:port` of an emulator. */
  readonly pubsub: string;
  /** Where each function listens; a consumer without an address gets a subscription that keeps its backlog. */
  readonly functionUrls: Partial<Readonly<Record<TallyFunction, string>>>;
  /**
   * Whether it is, or may be, Google's emulator. It (0.8.20, measured) stops redelivering when it has a retry policy and forty messages are
   * nacked a few times, outage over or not; so it gets none, and redelivers every second.
   */
  readonly isGoogleEmulator: boolean;
}

/** Creates the topology's topics and subscriptions, or brings those that exist up to date. Doing it again changes nothing. */
export const provision = async (options: ProvisionOptions): Promise<void> => {
  const { projectId, pubsub, functionUrls } = options;
  // There is no Google metadata server beside an emulator, and the client would look for one.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
  try {
    for (const topic of TOPICS) await unlessThere(client.createTopic(topic));
    for (const spec of SUBSCRIPTIONS) {
      const endpoint = functionUrls[spec.consumer];
      const pushConfig = endpoint === undefined ? {} : { pushEndpoint: endpoint };
      await unlessThere(
        client.createSubscription(spec.topic, spec.name, { ...settingsOf(spec, options), pushConfig }),
      );
      // For a subscription that was there, whose functions may have listened elsewhere.
      await client.subscription(spec.name).modifyPushConfig(pushConfig);
    }
  } finally {
    await client.close();
  }
};

const settingsOf = (spec: SubscriptionSpec, { projectId, isGoogleEmulator }: ProvisionOptions) => ({
  ackDeadlineSeconds: spec.ackDeadlineSeconds,
  messageRetentionDuration: isGoogleEmulator
    ? Math.min(spec.retentionSeconds, EMULATOR_RETENTION_SECONDS_MAX)
    : spec.retentionSeconds,
  // Empty: an idle subscription is never deleted.
  expirationPolicy: {},
  ...(isGoogleEmulator
    ? {}
    : {
        retryPolicy: {
          minimumBackoff: { seconds: spec.minimumBackoffSeconds },
          maximumBackoff: { seconds: spec.maximumBackoffSeconds },
        },
      }),
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

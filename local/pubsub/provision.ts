import { PubSub } from '@google-cloud/pubsub';
import {
  SUBSCRIPTIONS,
  type SubscriptionSpec,
  type TallyFunction,
  TOPIC_RETENTION_SECONDS,
  TOPICS,
} from '../../shared/topology.ts';

/** gRPC's status code for something that exists already: https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;
/** Google's emulator takes at most seven days. Production takes 31. */
const EMULATOR_RETENTION_SECONDS_MAX = 7 * 24 * 60 * 60;

interface ProvisionOptions {
  readonly projectId: string;
  /** `host:port` of an emulator. */
  readonly pubsub: string;
  /** Where each function listens. The subscriptions of a function without an address keep their messages. */
  readonly functionUrls: Partial<Readonly<Record<TallyFunction, string>>>;
  /**
   * Whether this is, or may be, Google's emulator. With a retry policy that one (0.8.20, measured) stops
   * redelivering once forty messages are nacked a few times, even after the outage. So its subscriptions get
   * no retry policy, and it redelivers every second.
   */
  readonly isGoogleEmulator: boolean;
}

/**
 * Creates the topics and subscriptions of the topology. A subscription that exists already only gets its push
 * endpoint. A second call changes nothing.
 */
export const provision = async (options: ProvisionOptions): Promise<void> => {
  const { projectId, pubsub, functionUrls } = options;
  // The client would look for Google's metadata server. Beside an emulator there is none.
  process.env.METADATA_SERVER_DETECTION ||= 'none';
  const messageRetentionDuration = { seconds: TOPIC_RETENTION_SECONDS };
  const client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
  try {
    for (const name of TOPICS) await unlessThere(client.createTopic({ name, messageRetentionDuration }));
    for (const spec of SUBSCRIPTIONS) {
      const endpoint = functionUrls[spec.consumer];
      const pushConfig = endpoint === undefined ? {} : { pushEndpoint: endpoint };
      await unlessThere(
        client.createSubscription(spec.topic, spec.name, { ...settingsOf(spec, options), pushConfig }),
      );
      // A subscription that exists already may push to an address of an earlier run.
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

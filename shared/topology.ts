/**
 * Every topic, every subscription and the numbers of their delivery, in one place. The local runtime, the
 * infrastructure code and the tests read this module, so they cannot differ from each other. The names are
 * those of the reference, so its producers work unchanged.
 */
import { ACK_DEADLINE_SECONDS, LEASE_SECONDS_MAX } from './deadlines.ts';

export type InputTopic = 'orders_data' | 'payments_data';
export type DeadLetterTopic = 'dlq_orders_data' | 'dlq_payments_data';
export type Topic = InputTopic | DeadLetterTopic;
export type ConsumerFunction = 'onOrder' | 'onPayment' | 'onDlq';
export type TallyFunction = ConsumerFunction | 'simulate';
/** The scheduled audit runs in the cloud only. On a laptop, people run `tally audit`. */
export type DeployedFunction = TallyFunction | 'audit';

export interface SubscriptionSpec {
  readonly name: string;
  readonly topic: Topic;
  /** The input topic whose messages this subscription carries, directly or as dead letters. */
  readonly origin: InputTopic;
  readonly consumer: ConsumerFunction;
  readonly ackDeadlineSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly retentionSeconds: number;
  /** Absent on the dead-letter subscriptions: Pub/Sub retries their messages until the retention ends. */
  readonly deadLetter?: { readonly topic: DeadLetterTopic; readonly maxDeliveryAttempts: number };
}

const DAY_SECONDS = 24 * 60 * 60;

/**
 * How often Pub/Sub delivers a message before it forwards it to the dead-letter topic. Tally dead-letters
 * poison on its first delivery (I7), so the attempts are for outages: with the backoff below, they last about
 * an hour and a half. Pub/Sub allows 5 to 100:
 * https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work.
 */
const MAX_DELIVERY_ATTEMPTS = 100;

const input = (
  topic: InputTopic,
  consumer: ConsumerFunction,
  deadLetterTopic: DeadLetterTopic,
): SubscriptionSpec => ({
  name: `${topic}-sub`,
  topic,
  origin: topic,
  consumer,
  ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
  minimumBackoffSeconds: 1,
  maximumBackoffSeconds: 60,
  retentionSeconds: 7 * DAY_SECONDS,
  deadLetter: { topic: deadLetterTopic, maxDeliveryAttempts: MAX_DELIVERY_ATTEMPTS },
});

const deadLetters = (topic: DeadLetterTopic, origin: InputTopic): SubscriptionSpec => ({
  name: `${topic}-sub`,
  topic,
  origin,
  consumer: 'onDlq',
  ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
  retentionSeconds: 31 * DAY_SECONDS,
});

/**
 * A topic keeps its messages for so long after they are acked, so that a `seek` can deliver them again.
 * Google's emulator takes no more.
 */
export const TOPIC_RETENTION_SECONDS = 7 * DAY_SECONDS;

export const TOPICS: readonly Topic[] = [
  'orders_data',
  'payments_data',
  'dlq_orders_data',
  'dlq_payments_data',
];

/** The topics that producers publish to. */
export const INPUT_TOPICS: readonly InputTopic[] = ['orders_data', 'payments_data'];

export const SUBSCRIPTIONS: readonly SubscriptionSpec[] = [
  input('orders_data', 'onOrder', 'dlq_orders_data'),
  input('payments_data', 'onPayment', 'dlq_payments_data'),
  deadLetters('dlq_orders_data', 'orders_data'),
  deadLetters('dlq_payments_data', 'payments_data'),
];

/**
 * How long a message may be on its way between two deliveries, in milliseconds: the longest backoff, and then
 * the delivery itself, for which the worker has more time than a push. In this time, Pub/Sub delivers
 * everything that is not acked once more. So what the audit saw before and after it has been tried in
 * between, and it is broken.
 *
 * A message that Pub/Sub forwards may wait for weeks while `onDlq` fails. But it is tried in this time too.
 */
export const IN_PROGRESS_MAX_MS =
  (Math.max(...SUBSCRIPTIONS.map(({ maximumBackoffSeconds }) => maximumBackoffSeconds)) +
    Math.max(LEASE_SECONDS_MAX, ...SUBSCRIPTIONS.map(({ ackDeadlineSeconds }) => ackDeadlineSeconds))) *
  1_000;

export const FUNCTIONS: readonly TallyFunction[] = ['onOrder', 'onPayment', 'onDlq', 'simulate'];
export const DEPLOYED_FUNCTIONS: readonly DeployedFunction[] = [...FUNCTIONS, 'audit'];

/**
 * The names of the Cloud Run services, without the prefix of an environment. They may have only lower-case
 * letters, digits and dashes.
 */
export const SERVICE_NAME = {
  onOrder: 'tally-on-order',
  onPayment: 'tally-on-payment',
  onDlq: 'tally-on-dlq',
  simulate: 'tally-simulate',
  audit: 'tally-audit',
} as const satisfies Record<DeployedFunction, string>;

/** The topic for messages of an input topic that Tally cannot join yet, or can never join. */
export const DEAD_LETTER_TOPIC: Readonly<Record<InputTopic, DeadLetterTopic>> = {
  orders_data: 'dlq_orders_data',
  payments_data: 'dlq_payments_data',
};

/**
 * What the name of an environment looks like. Several deployments may share a project, and each is an
 * environment. The names of its resources begin with its name, so 13 characters leave room for the rest.
 */
export const ENVIRONMENT_NAME = /^(?!goog)[a-z](?:[a-z0-9-]{0,11}[a-z0-9])?$/;

/**
 * The name of a topic, a subscription or any other resource in an environment.
 * `('staging', 'orders_data')` → `'staging-orders_data'`; `(undefined, 'orders_data')` → `'orders_data'`.
 * @param environment when undefined, the name stays the same, so that the reference's producers work
 * unchanged.
 */
export const nameIn = (environment: string | undefined, name: string): string =>
  environment === undefined ? name : `${environment}-${name}`;

/**
 * Finds the subscription that a push body names.
 * `('projects/p/subscriptions/staging-orders_data-sub', 'staging')` → the subscription `orders_data-sub`.
 * @param path `projects/<project>/subscriptions/<name>`, as Pub/Sub sends it.
 * @param environment the environment to search; undefined means the one whose names have no prefix.
 * @returns undefined when the environment has no such subscription.
 */
export const findSubscription = (path: string, environment?: string): SubscriptionSpec | undefined => {
  const name = nameOf(path);
  return SUBSCRIPTIONS.find((subscription) => nameIn(environment, subscription.name) === name);
};

/**
 * Whether a push body names a subscription that belongs to another environment than this one.
 * `('projects/p/subscriptions/staging-orders_data-sub', 'production')` → `true`.
 * @param path as in `findSubscription`.
 * @param environment this environment; undefined means the one without a prefix.
 * @returns false for a name that belongs to no environment, such as a name that Eventarc generates.
 */
export const isOfAnotherEnvironment = (path: string, environment?: string): boolean =>
  findSubscription(path, environment) === undefined &&
  SUBSCRIPTIONS.some(({ name }) => nameOf(path).endsWith(name));

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

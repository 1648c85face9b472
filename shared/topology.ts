/**
 * Every topic, subscription and delivery number, in one place. The local runtime, the infrastructure code and the
 * tests read this module, so that they cannot drift apart. The names are the reference system's own.
 */
import { ACK_DEADLINE_SECONDS } from './deadlines.ts';

export type InputTopic = 'orders_data' | 'payments_data';
export type DeadLetterTopic = 'dlq_orders_data' | 'dlq_payments_data';
export type Topic = InputTopic | DeadLetterTopic;
export type ConsumerFunction = 'onOrder' | 'onPayment' | 'onDlq';
export type TallyFunction = ConsumerFunction | 'simulate';
/** The audit runs in the cloud only: a laptop has `tally audit`. */
export type DeployedFunction = TallyFunction | 'audit';

export interface SubscriptionSpec {
  readonly name: string;
  readonly topic: Topic;
  /** The input topic whose messages this subscription carries, first-hand or dead-lettered. */
  readonly origin: InputTopic;
  readonly consumer: ConsumerFunction;
  readonly ackDeadlineSeconds: number;
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly retentionSeconds: number;
  /** Absent on the dead-letter subscriptions, which retry for as long as they retain. */
  readonly deadLetter?: { readonly topic: DeadLetterTopic; readonly maxDeliveryAttempts: number };
}

const DAY_SECONDS = 24 * 60 * 60;

/** Poison is dead-lettered on its first delivery (I7), so attempts are for outages: about an hour and a half of them. */
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

export const TOPICS: readonly Topic[] = [
  'orders_data',
  'payments_data',
  'dlq_orders_data',
  'dlq_payments_data',
];

export const SUBSCRIPTIONS: readonly SubscriptionSpec[] = [
  input('orders_data', 'onOrder', 'dlq_orders_data'),
  input('payments_data', 'onPayment', 'dlq_payments_data'),
  deadLetters('dlq_orders_data', 'orders_data'),
  deadLetters('dlq_payments_data', 'payments_data'),
];

export const FUNCTIONS: readonly TallyFunction[] = ['onOrder', 'onPayment', 'onDlq', 'simulate'];
export const DEPLOYED_FUNCTIONS: readonly DeployedFunction[] = [...FUNCTIONS, 'audit'];

/** Where messages of an input topic go when they cannot be joined yet, or never. */
export const DEAD_LETTER_TOPIC: Readonly<Record<InputTopic, DeadLetterTopic>> = {
  orders_data: 'dlq_orders_data',
  payments_data: 'dlq_payments_data',
};

/** Several deployments may share a project: each has a name of its own, short enough for every resource's name. */
export const ENVIRONMENT_NAME = /^(?!goog)[a-z](?:[a-z0-9-]{0,11}[a-z0-9])?$/;

/**
 * A topic's, a subscription's or any other resource's name in an environment: `staging-orders_data`.
 * @param environment undefined keeps the name as it is, so that the reference system's producers work unchanged.
 */
export const nameIn = (environment: string | undefined, name: string): string =>
  environment === undefined ? name : `${environment}-${name}`;

/**
 * The subscription that a push body names.
 * @param path `projects/<project>/subscriptions/<name>`, as Pub/Sub sends it.
 * @param environment the one whose subscriptions are looked at.
 * @returns undefined for a subscription that the topology does not know.
 */
export const findSubscription = (path: string, environment?: string): SubscriptionSpec | undefined => {
  const name = nameOf(path);
  return SUBSCRIPTIONS.find((subscription) => nameIn(environment, subscription.name) === name);
};

/**
 * Whether a push body names a subscription of the topology, but one of another environment or of none.
 * @param path as in `findSubscription`.
 * @returns false for a name that is no environment's, such as those that Eventarc gives.
 */
export const isOfAnotherEnvironment = (path: string, environment?: string): boolean =>
  findSubscription(path, environment) === undefined &&
  SUBSCRIPTIONS.some(({ name }) => nameOf(path).endsWith(name));

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

import { status } from '@grpc/grpc-js';
import { invalidArgument, StatusError } from './statusError.ts';

export interface RetryPolicy {
  readonly minimumBackoffMs: number;
  readonly maximumBackoffMs: number;
}

export interface DeadLetterPolicy {
  /** `projects/<project>/topics/<name>` */
  readonly topic: string;
  readonly maxDeliveryAttempts: number;
}

export interface PushConfig {
  /** '': messages are pulled. */
  readonly pushEndpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Kept and shown; no token is sent. */
  readonly oidcToken: { readonly serviceAccountEmail: string; readonly audience: string } | undefined;
}

export interface SubscriptionSettings {
  /** `projects/<project>/subscriptions/<name>` */
  readonly name: string;
  /** `projects/<project>/topics/<name>`, or `_deleted-topic_`. */
  readonly topic: string;
  readonly pushConfig: PushConfig;
  readonly ackDeadlineSeconds: number;
  readonly retentionSeconds: number;
  /** Undefined: at once; a push subscription's backoff slows it down all the same. */
  readonly retryPolicy: RetryPolicy | undefined;
  readonly deadLetterPolicy: DeadLetterPolicy | undefined;
  /** Kept and shown; a subscription of this server never expires. Undefined: never. */
  readonly expirationTtlSeconds: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a subscription shows for a topic that is gone, as production does. */
export const DELETED_TOPIC = '_deleted-topic_';

// Three to 255 characters, a letter first, never "goog": https://cloud.google.com/pubsub/docs/create-topic#resource_names
const TOPIC_NAME = /^projects\/[^/]+\/topics\/(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;
const SUBSCRIPTION_NAME = /^projects\/[^/]+\/subscriptions\/(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;
const ACK_DEADLINE_SECONDS = { min: 10, max: 600 };
const RETENTION_SECONDS = { min: 600, max: 31 * 24 * 60 * 60 };
const BACKOFF_MS = { min: 0, max: 600_000 };
const DELIVERY_ATTEMPTS = { min: 5, max: 100 };

/** @throws StatusError INVALID_ARGUMENT */
export const assertTopicName = (name: string): void => {
  if (!TOPIC_NAME.test(name)) throw invalidArgument(`Not a topic's name: ${name}`);
};

/** @throws StatusError INVALID_ARGUMENT */
export const assertAckDeadlineSeconds = (seconds: number): void => {
  if (!isWithin(seconds, ACK_DEADLINE_SECONDS)) {
    throw invalidArgument(`The ack deadline is 10 to 600 seconds, not ${seconds}.`);
  }
};

/** @throws StatusError INVALID_ARGUMENT or OUT_OF_RANGE, as production would. */
export const assertSettings = (settings: SubscriptionSettings): void => {
  const { name, pushConfig, ackDeadlineSeconds, retentionSeconds, retryPolicy, deadLetterPolicy } = settings;
  if (!SUBSCRIPTION_NAME.test(name)) throw invalidArgument(`Not a subscription's name: ${name}`);
  if (pushConfig.pushEndpoint !== '' && !isHttpUrl(pushConfig.pushEndpoint)) {
    throw invalidArgument('The push endpoint is not an http or https URL without credentials.');
  }
  assertAckDeadlineSeconds(ackDeadlineSeconds);
  if (!isWithin(retentionSeconds, RETENTION_SECONDS)) {
    throw invalidArgument(`Messages are retained for 10 minutes to 31 days, not ${retentionSeconds} s.`);
  }
  if (retryPolicy !== undefined) {
    const { minimumBackoffMs: min, maximumBackoffMs: max } = retryPolicy;
    if (!isWithin(min, BACKOFF_MS) || !isWithin(max, BACKOFF_MS) || min > max) {
      throw invalidArgument('The backoff is 0 to 600 s, and its minimum at most its maximum.');
    }
  }
  if (deadLetterPolicy !== undefined && !isWithin(deadLetterPolicy.maxDeliveryAttempts, DELIVERY_ATTEMPTS)) {
    const got = deadLetterPolicy.maxDeliveryAttempts;
    throw new StatusError(status.OUT_OF_RANGE, `Delivery attempts are 5 to 100, not ${got}.`);
  }
};

const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
};

const isWithin = (value: number, { min, max }: { readonly min: number; readonly max: number }): boolean =>
  value >= min && value <= max;

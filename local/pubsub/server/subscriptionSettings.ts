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

export interface SubscriptionSettings {
  /** `projects/<project>/subscriptions/<name>` */
  readonly name: string;
  /** `projects/<project>/topics/<name>` */
  readonly topic: string;
  readonly ackDeadlineSeconds: number;
  readonly retentionSeconds: number;
  /** Undefined: at once, slowed down by the push backoff of the whole subscription. */
  readonly retryPolicy: RetryPolicy | undefined;
  readonly deadLetterPolicy: DeadLetterPolicy | undefined;
}

const TOPIC_NAME = /^projects\/[^/]+\/topics\/[A-Za-z][\w.~+%-]{2,254}$/;
const SUBSCRIPTION_NAME = /^projects\/[^/]+\/subscriptions\/[A-Za-z][\w.~+%-]{2,254}$/;
const ACK_DEADLINE_SECONDS = { min: 10, max: 600 };
const RETENTION_SECONDS = { min: 600, max: 31 * 24 * 60 * 60 };
const BACKOFF_MS_MAX = 600_000;
const DELIVERY_ATTEMPTS = { min: 5, max: 100 };

/** @throws StatusError INVALID_ARGUMENT */
export const assertTopicName = (name: string): void => {
  if (!TOPIC_NAME.test(name)) throw invalidArgument(`Not a topic's name: ${name}`);
};

/** @throws StatusError INVALID_ARGUMENT or OUT_OF_RANGE, as production would. */
export const assertSettings = (settings: SubscriptionSettings): void => {
  const { name, ackDeadlineSeconds, retentionSeconds, retryPolicy, deadLetterPolicy } = settings;
  if (!SUBSCRIPTION_NAME.test(name)) throw invalidArgument(`Not a subscription's name: ${name}`);
  if (!isWithin(ackDeadlineSeconds, ACK_DEADLINE_SECONDS)) {
    throw invalidArgument(`The ack deadline is 10 to 600 seconds, not ${ackDeadlineSeconds}.`);
  }
  if (!isWithin(retentionSeconds, RETENTION_SECONDS)) {
    throw invalidArgument(`Messages are retained for 10 minutes to 31 days, not ${retentionSeconds} s.`);
  }
  if (retryPolicy !== undefined) {
    const { minimumBackoffMs, maximumBackoffMs } = retryPolicy;
    if (minimumBackoffMs > maximumBackoffMs || maximumBackoffMs > BACKOFF_MS_MAX) {
      throw invalidArgument('The backoff is at most 600 s, and its minimum at most its maximum.');
    }
  }
  if (deadLetterPolicy !== undefined && !isWithin(deadLetterPolicy.maxDeliveryAttempts, DELIVERY_ATTEMPTS)) {
    const got = deadLetterPolicy.maxDeliveryAttempts;
    throw new StatusError(status.OUT_OF_RANGE, `Delivery attempts are 5 to 100, not ${got}.`);
  }
};

const isWithin = (value: number, { min, max }: { readonly min: number; readonly max: number }): boolean =>
  value >= min && value <= max;

import { status } from '@grpc/grpc-js';
import { assertLabels } from './assertLabels.ts';
import { assertResourceName } from './assertResourceName.ts';
import { invalidArgument, StatusError } from './statusError.ts';

export interface RetryPolicy {
  readonly minimumBackoffMs: number;
  readonly maximumBackoffMs: number;
}

interface DeadLetterPolicy {
  /** `projects/<project>/topics/<name>` */
  readonly topic: string;
  readonly maxDeliveryAttempts: number;
}

interface PushConfig {
  /** '': subscribers pull the messages. */
  readonly pushEndpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The server keeps it and shows it, but sends no token. */
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
  /** What its topic has. A message stays for the longer of both. Undefined: the topic retains nothing. */
  readonly topicRetentionSeconds?: number | undefined;
  /** Whether an acked message stays for the retention, so that a seek can deliver it again. */
  readonly retainAckedMessages: boolean;
  /** Undefined: a nacked message is ready again at once. A push subscription still pauses after a nack. */
  readonly retryPolicy: RetryPolicy | undefined;
  readonly deadLetterPolicy: DeadLetterPolicy | undefined;
  /** The server keeps it and shows it, but no subscription of this server expires. Undefined: never. */
  readonly expirationTtlSeconds: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** A detached subscription gets no messages any more. It only waits to be deleted. */
  readonly isDetached?: boolean;
}

/** The topic of a subscription whose topic was deleted. Production shows the same. */
export const DELETED_TOPIC = '_deleted-topic_';

const ACK_DEADLINE_SECONDS = { min: 10, max: 600 };
const RETENTION_SECONDS = { min: 600, max: 31 * 24 * 60 * 60 };
const BACKOFF_MS = { min: 0, max: 600_000 };
const EXPIRATION_SECONDS_MIN = 24 * 60 * 60;
const DELIVERY_ATTEMPTS = { min: 5, max: 100 };

/** @throws StatusError INVALID_ARGUMENT */
export const assertAckDeadlineSeconds = (seconds: number): void => {
  if (!isWithin(seconds, ACK_DEADLINE_SECONDS)) {
    throw invalidArgument(`The ack deadline is 10 to 600 seconds, not ${seconds}.`);
  }
};

/** @throws StatusError INVALID_ARGUMENT */
export const assertRetentionSeconds = (seconds: number): void => {
  if (!isWithin(seconds, RETENTION_SECONDS)) {
    throw invalidArgument(`Messages are retained for 10 minutes to 31 days, not ${seconds} s.`);
  }
};

/** @throws StatusError INVALID_ARGUMENT or OUT_OF_RANGE for settings that production refuses. */
export const assertSettings = (settings: SubscriptionSettings): void => {
  const { name, pushConfig, ackDeadlineSeconds, retentionSeconds, retryPolicy, deadLetterPolicy } = settings;
  assertResourceName('subscriptions', name);
  assertLabels(settings.labels);
  if (pushConfig.pushEndpoint !== '' && !isHttpUrl(pushConfig.pushEndpoint)) {
    throw invalidArgument('The push endpoint is not an http or https URL without credentials.');
  }
  assertAckDeadlineSeconds(ackDeadlineSeconds);
  assertRetentionSeconds(retentionSeconds);
  const ttl = settings.expirationTtlSeconds;
  if (ttl !== undefined && ttl < EXPIRATION_SECONDS_MIN) {
    throw invalidArgument(`A subscription expires after a day or more, or never, not after ${ttl} s.`);
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

import * as z from 'zod';
import { invalidArgument, notEmulated } from './statusError.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import type { Topic } from './topic.ts';

// Each schema reads one request of gRPC into the broker's types. A field that a client leaves out gets the
// value that production gives it.

const ACK_DEADLINE_SECONDS = 10;
const RETENTION_SECONDS = 7 * 24 * 60 * 60;
const EXPIRATION_TTL_SECONDS = 31 * 24 * 60 * 60;
const BACKOFF_MS = { min: 10_000, max: 600_000 };
const DELIVERY_ATTEMPTS = 5;
const PAGE_SIZE_MAX = 1_000;

const durationMs = z
  .object({ seconds: z.coerce.number(), nanos: z.number() })
  .nullish()
  .transform((duration) => duration && duration.seconds * 1_000 + duration.nanos / 1e6);
const labels = z.record(z.string(), z.string());
/** The keys: gRPC delivers an empty record where a client has set none. */
const tags = labels.transform((record) => Object.keys(record));
/** A 64-bit number. gRPC delivers it as text. */
const int64 = z.coerce.number();

/** Whether a client has set a field. A field that it left out is empty, false or null. */
const isSet = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : value !== null && value !== undefined && value !== '' && value !== false;

/**
 * Refuses a request that sets a field of a feature that this server does not have.
 * @param notHere the features, by field.
 * @throws StatusError UNIMPLEMENTED that names the feature.
 */
const refuse = (request: object, notHere: Readonly<Record<string, string>>): void => {
  for (const [field, what] of Object.entries(notHere)) {
    if (isSet(Reflect.get(request, field))) throw notEmulated(what);
  }
};

export const topicNameSchema = z.object({ topic: z.string() });
export const subscriptionNameSchema = z.object({ subscription: z.string() });

const page = {
  pageSize: z
    .int()
    .min(0)
    .transform((size) => Math.min(size || PAGE_SIZE_MAX, PAGE_SIZE_MAX)),
  /** The last name of the page before; '' for the first page. */
  pageToken: z.string(),
};
export type Page = z.output<z.ZodObject<typeof page>>;
export const listOfProjectSchema = z.object({
  project: z.string().regex(/^projects\/[^/]+$/, { error: 'expected projects/<project>' }),
  ...page,
});
export const listOfTopicSchema = z.object({ topic: z.string(), ...page });

export const topicSchema = z
  .looseObject({ name: z.string(), labels, tags, messageRetentionDuration: durationMs })
  .transform((request): Topic => {
    refuse(request, {
      kmsKeyName: 'customer-managed keys',
      schemaSettings: 'schemas',
      messageStoragePolicy: 'regions',
      ingestionDataSourceSettings: 'ingestion',
      messageTransforms: 'message transforms',
      tags: 'tags',
    });
    const retentionMs = request.messageRetentionDuration;
    return {
      name: request.name,
      labels: request.labels,
      retentionSeconds: retentionMs ? retentionMs / 1_000 : undefined,
    };
  });

export const publishSchema = z.object({
  topic: z.string(),
  messages: z.array(
    z.object({
      // A copy: the original shares its buffer with the whole request, and would keep all of it in memory.
      data: z.instanceof(Uint8Array).transform((data) => Buffer.from(data)),
      attributes: z.record(z.string(), z.string()),
      orderingKey: z.string(),
    }),
  ),
});

const pushConfigSchema = z
  .looseObject({
    pushEndpoint: z.string(),
    attributes: z.record(z.string(), z.string()),
    oidcToken: z.object({ serviceAccountEmail: z.string(), audience: z.string() }).nullish(),
  })
  .nullish()
  .transform((config): SubscriptionSettings['pushConfig'] => {
    if (config) refuse(config, { noWrapper: 'unwrapped push' });
    return {
      pushEndpoint: config?.pushEndpoint ?? '',
      attributes: config?.attributes ?? {},
      oidcToken: config?.oidcToken ?? undefined,
    };
  });

export const modifyPushConfigSchema = z.object({ subscription: z.string(), pushConfig: pushConfigSchema });

const subscriptionSchema = z
  .looseObject({
    name: z.string(),
    topic: z.string(),
    pushConfig: pushConfigSchema,
    ackDeadlineSeconds: z.number(),
    messageRetentionDuration: durationMs,
    retainAckedMessages: z.boolean(),
    labels,
    tags,
    expirationPolicy: z.object({ ttl: durationMs }).nullish(),
    retryPolicy: z.object({ minimumBackoff: durationMs, maximumBackoff: durationMs }).nullish(),
    deadLetterPolicy: z.object({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number() }).nullish(),
  })
  .transform((request): SubscriptionSettings => {
    refuse(request, {
      enableMessageOrdering: 'ordered delivery',
      enableExactlyOnceDelivery: 'exactly-once delivery',
      filter: 'filters',
      bigqueryConfig: 'export to BigQuery',
      cloudStorageConfig: 'export to Cloud Storage',
      bigtableConfig: 'export to Bigtable',
      messageTransforms: 'message transforms',
      tags: 'tags',
    });
    const { retryPolicy: retry, deadLetterPolicy: deadLetter, expirationPolicy: expiration } = request;
    const ttlMs = expiration ? expiration.ttl : EXPIRATION_TTL_SECONDS * 1_000;
    return {
      name: request.name,
      topic: request.topic,
      pushConfig: request.pushConfig,
      ackDeadlineSeconds: request.ackDeadlineSeconds || ACK_DEADLINE_SECONDS,
      retentionSeconds: (request.messageRetentionDuration ?? RETENTION_SECONDS * 1_000) / 1_000,
      retainAckedMessages: request.retainAckedMessages,
      retryPolicy: retry
        ? {
            minimumBackoffMs: retry.minimumBackoff ?? BACKOFF_MS.min,
            maximumBackoffMs: retry.maximumBackoff ?? BACKOFF_MS.max,
          }
        : undefined,
      deadLetterPolicy: deadLetter
        ? {
            topic: deadLetter.deadLetterTopic,
            maxDeliveryAttempts: deadLetter.maxDeliveryAttempts || DELIVERY_ATTEMPTS,
          }
        : undefined,
      expirationTtlSeconds: ttlMs == null ? undefined : ttlMs / 1_000,
      labels: request.labels,
    };
  });

/** A subscription to create. An update shows the whole of one, and that one may be detached. */
export const newSubscriptionSchema = z.looseObject({}).transform((request) => {
  refuse(request, { detached: 'new subscription that is detached' });
  return subscriptionSchema.parse(request);
});

/**
 * The part of a resource that an update changes.
 * @param updatable the settings that may change, by their path in the update mask.
 * @throws StatusError INVALID_ARGUMENT for a mask that is empty or names something else.
 */
const changesOf = <T extends object>(
  resource: T,
  mask: { readonly paths: readonly string[] } | null | undefined,
  updatable: Readonly<Record<string, keyof T>>,
): Partial<T> => {
  const paths = mask?.paths ?? [];
  if (paths.length === 0 || paths.some((path) => !Object.hasOwn(updatable, path))) {
    const allowed = Object.keys(updatable).join(', ');
    throw invalidArgument(
      `The update mask takes one or more of ${allowed}. It has: ${paths.join(', ') || 'nothing'}`,
    );
  }
  const changes: Partial<T> = {};
  for (const path of paths) {
    const key = updatable[path];
    if (key !== undefined) changes[key] = resource[key];
  }
  return changes;
};

const updateMask = z.object({ paths: z.array(z.string()) }).nullish();

export const updateTopicSchema = z.object({ topic: topicSchema, updateMask }).transform((request) => ({
  name: request.topic.name,
  changes: changesOf(request.topic, request.updateMask, {
    labels: 'labels',
    message_retention_duration: 'retentionSeconds',
  }),
}));

export const updateSubscriptionSchema = z
  .object({ subscription: subscriptionSchema, updateMask })
  .transform((request) => ({
    name: request.subscription.name,
    changes: changesOf(request.subscription, request.updateMask, {
      push_config: 'pushConfig',
      ack_deadline_seconds: 'ackDeadlineSeconds',
      message_retention_duration: 'retentionSeconds',
      retain_acked_messages: 'retainAckedMessages',
      retry_policy: 'retryPolicy',
      dead_letter_policy: 'deadLetterPolicy',
      expiration_policy: 'expirationTtlSeconds',
      labels: 'labels',
    }),
  }));

const ackIds = z.array(z.string());

export const pullSchema = z.object({
  subscription: z.string(),
  maxMessages: z.int().positive(),
  returnImmediately: z.boolean(),
});
export const acknowledgeSchema = z.object({ subscription: z.string(), ackIds: ackIds.nonempty() });
export const modifyAckDeadlineSchema = z.object({
  subscription: z.string(),
  ackIds: ackIds.nonempty(),
  ackDeadlineSeconds: z.number(),
});
export const seekSchema = z
  .looseObject({ subscription: z.string(), time: durationMs })
  .transform(({ subscription, time, ...other }) => {
    refuse(other, { snapshot: 'snapshots' });
    if (time === null || time === undefined) throw invalidArgument('A seek needs a time.');
    return { subscription, timeMs: time };
  });
export const streamingPullSchema = z
  .object({
    subscription: z.string(),
    ackIds,
    modifyDeadlineSeconds: z.array(z.number()),
    modifyDeadlineAckIds: ackIds,
    streamAckDeadlineSeconds: z.number(),
    maxOutstandingMessages: int64,
    maxOutstandingBytes: int64,
  })
  .refine(({ modifyDeadlineSeconds: seconds, modifyDeadlineAckIds: ids }) => seconds.length === ids.length, {
    error: 'modify_deadline_seconds and modify_deadline_ack_ids must be of the same length',
  });
export type StreamingPullRequest = z.output<typeof streamingPullSchema>;

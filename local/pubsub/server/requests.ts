import { z } from 'zod';
import { invalidArgument } from './statusError.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/** Requests as gRPC delivers them, read into the broker's terms; what a client leaves out has production's default. */

const ACK_DEADLINE_SECONDS = 10;
const RETENTION_SECONDS = 7 * 24 * 60 * 60;
const BACKOFF_MS = { min: 10_000, max: 600_000 };
const DELIVERY_ATTEMPTS = 5;

const durationMs = z
  .object({ seconds: z.coerce.number(), nanos: z.number() })
  .nullish()
  .transform((duration) => duration && duration.seconds * 1000 + duration.nanos / 1e6);

export const nameSchema = z.object({ name: z.string() });
export const topicSchema = z.object({ topic: z.string() });
export const subscriptionNameSchema = z.object({ subscription: z.string() });
export const projectSchema = z.object({ project: z.string() });

const pushConfigSchema = z
  .object({ pushEndpoint: z.string() })
  .nullish()
  .transform((config) => config?.pushEndpoint ?? '');

export const modifyPushConfigSchema = z.object({ subscription: z.string(), pushConfig: pushConfigSchema });

export const publishSchema = z.object({
  topic: z.string(),
  messages: z.array(
    z.object({
      data: z.instanceof(Uint8Array),
      attributes: z.record(z.string(), z.string()),
      orderingKey: z.string(),
    }),
  ),
});

export const subscriptionSchema = z
  .object({
    name: z.string(),
    topic: z.string(),
    pushConfig: pushConfigSchema,
    ackDeadlineSeconds: z.number(),
    messageRetentionDuration: durationMs,
    enableMessageOrdering: z.boolean(),
    retryPolicy: z.object({ minimumBackoff: durationMs, maximumBackoff: durationMs }).nullish(),
    deadLetterPolicy: z.object({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number() }).nullish(),
  })
  .transform((request): { settings: SubscriptionSettings; pushEndpoint: string } => {
    if (request.enableMessageOrdering) {
      throw invalidArgument('This local Pub/Sub does not deliver in order: leave message ordering off.');
    }
    const { retryPolicy: retry, deadLetterPolicy: deadLetter } = request;
    return {
      pushEndpoint: request.pushConfig,
      settings: {
        name: request.name,
        topic: request.topic,
        ackDeadlineSeconds: request.ackDeadlineSeconds || ACK_DEADLINE_SECONDS,
        retentionSeconds: (request.messageRetentionDuration ?? RETENTION_SECONDS * 1000) / 1000,
        retryPolicy: retry
          ? {
              minimumBackoffMs: retry.minimumBackoff ?? BACKOFF_MS.min,
              maximumBackoffMs: retry.maximumBackoff ?? BACKOFF_MS.max,
            }
          : undefined,
        deadLetterPolicy: deadLetter?.deadLetterTopic
          ? {
              topic: deadLetter.deadLetterTopic,
              maxDeliveryAttempts: deadLetter.maxDeliveryAttempts || DELIVERY_ATTEMPTS,
            }
          : undefined,
      },
    };
  });

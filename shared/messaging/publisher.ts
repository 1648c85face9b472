import type { PubSub, Topic as PubSubTopic } from '@google-cloud/pubsub';
import type { PublisherConfig } from '../config.ts';
import { TransientError } from '../errors.ts';
import { nameIn, type Topic } from '../topology.ts';
import { PUBLISH_TIMEOUT_MS } from '../deadlines.ts';
import { newTraceparent } from '../telemetry/traceparent.ts';
import { TRACE_ATTRIBUTE } from './deadLetterAttributes.ts';

/**
 * The pauses between the attempts of the client. By default they grow to 60 s, more than a publish may take.
 */
const RETRY_DELAY_MS = { initial: 100, multiplier: 2, max: 1_000 };
/** A longer wait would fill batches better, but it would delay an answer that Pub/Sub waits for. */
const BATCH_WAIT_MS = 5;
const BATCH_MESSAGES_MAX = 500;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes?: Record<string, string>;
  /**
   * So many messages share one publish request, and so its publish time. The caller publishes them one after
   * the other, without waiting, and each says the same number.
   */
  readonly together?: number;
}

export interface Publisher {
  /**
   * Publishes one message. Messages of the same few milliseconds share a request. A message that carries no
   * trace begins one.
   * @returns the id that Pub/Sub gave the message.
   * @throws TransientError when Pub/Sub refused the message, or did not confirm it in time.
   */
  readonly publish: (topic: Topic, message: OutgoingMessage) => Promise<string>;
  readonly close: () => Promise<void>;
}

type PublisherTarget = Pick<PublisherConfig, 'projectId' | 'environment'> &
  Partial<Pick<PublisherConfig, 'pubsubEmulatorHost'>>;

/**
 * A publisher that loads the Pub/Sub client on its first publish, so that the cold start of a consumer does
 * not load gRPC.
 * @param config without a project, the client finds it in its environment, as it can on Google Cloud. Without
 * an emulator, the client reads `PUBSUB_EMULATOR_HOST`; a command that found its emulator elsewhere names it.
 * @param timeoutMs how long a publish may take; `PUBLISH_TIMEOUT_MS` when left out. A message that is not
 * confirmed by then may still arrive.
 */
export const createPublisher = (
  { projectId, environment, pubsubEmulatorHost }: PublisherTarget,
  timeoutMs: number = PUBLISH_TIMEOUT_MS,
): Publisher => {
  let client: Promise<PubSub> | undefined;
  const topics = new Map<string, PubSubTopic>();

  const connect = async (): Promise<PubSub> => {
    const { PubSub } = await import('@google-cloud/pubsub');
    return new PubSub({
      ...(projectId === undefined ? {} : { projectId }),
      ...(pubsubEmulatorHost === undefined ? {} : { apiEndpoint: pubsubEmulatorHost, emulatorMode: true }),
    });
  };

  /** A batch of its own for each size: it is sent as soon as it has as many messages. */
  const topicOf = async (name: Topic, together: number | undefined): Promise<PubSubTopic> => {
    client ??= connect();
    const pubsub = await client;
    const key = `${name} ${together}`;
    const known = topics.get(key);
    if (known !== undefined) return known;
    const topic = pubsub.topic(nameIn(environment, name), {
      batching: {
        maxMessages: together ?? BATCH_MESSAGES_MAX,
        maxBytes: BATCH_BYTES_MAX,
        maxMilliseconds: BATCH_WAIT_MS,
      },
      gaxOpts: {
        timeout: timeoutMs,
        retry: {
          backoffSettings: {
            initialRetryDelayMillis: RETRY_DELAY_MS.initial,
            retryDelayMultiplier: RETRY_DELAY_MS.multiplier,
            maxRetryDelayMillis: RETRY_DELAY_MS.max,
            initialRpcTimeoutMillis: timeoutMs,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: timeoutMs,
            totalTimeoutMillis: timeoutMs,
          },
        },
      },
    });
    topics.set(key, topic);
    return topic;
  };

  return {
    publish: async (name, { data, attributes, together }) => {
      try {
        const topic = await topicOf(name, together);
        const publishing = topic.publishMessage({
          data,
          attributes: { [TRACE_ATTRIBUTE]: newTraceparent(), ...attributes },
        });
        return await within(timeoutMs, publishing);
      } catch (error) {
        throw new TransientError(`publish to ${name} was not confirmed`, { cause: error });
      }
    },
    close: async () => {
      if (client !== undefined) await (await client).close();
    },
  };
};

/**
 * Limits the time of a publish. The client checks its own timeout only between two attempts, so its last
 * pause may exceed it.
 */
const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no confirmation within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
};

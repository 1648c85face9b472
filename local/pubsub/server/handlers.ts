import { type handleUnaryCall, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { Broker } from './broker.ts';
import {
  modifyPushConfigSchema,
  nameSchema,
  projectSchema,
  publishSchema,
  subscriptionNameSchema,
  subscriptionSchema,
  topicSchema,
} from './requests.ts';
import { invalidArgument, notFound, StatusError } from './statusError.ts';
import type { Subscription } from './subscription.ts';

type Answer = (request: unknown) => object | Promise<object>;

/** The Publisher service's methods that Tally and a producer need. */
export const publisherMethods = (broker: Broker): Record<string, Answer> => ({
  CreateTopic: (request) => {
    const { name } = nameSchema.parse(request);
    broker.createTopic(name);
    return { name };
  },
  GetTopic: (request) => {
    const { topic } = topicSchema.parse(request);
    if (!broker.hasTopic(topic)) throw notFound(topic.slice(topic.lastIndexOf('/') + 1));
    return { name: topic };
  },
  ListTopics: (request) => {
    const { project } = projectSchema.parse(request);
    return { topics: ofProject(project, broker.topics(), (name) => name).map((name) => ({ name })) };
  },
  DeleteTopic: (request) => {
    broker.deleteTopic(topicSchema.parse(request).topic);
    return {};
  },
  Publish: (request) => {
    const { topic, messages } = publishSchema.parse(request);
    return { messageIds: broker.publish(topic, messages) };
  },
});

/** The Subscriber service's methods for push subscriptions. */
export const subscriberMethods = (broker: Broker): Record<string, Answer> => ({
  CreateSubscription: (request) => {
    const { settings, pushEndpoint } = subscriptionSchema.parse(request);
    const subscription = broker.createSubscription(settings);
    subscription.setPushEndpoint(pushEndpoint);
    return toResource(subscription);
  },
  GetSubscription: (request) =>
    toResource(broker.subscription(subscriptionNameSchema.parse(request).subscription)),
  ListSubscriptions: (request) => {
    const { project } = projectSchema.parse(request);
    const found = ofProject(project, broker.subscriptions(), ({ settings }) => settings.name);
    return { subscriptions: found.map(toResource) };
  },
  ModifyPushConfig: (request) => {
    const { subscription, pushConfig: endpoint } = modifyPushConfigSchema.parse(request);
    broker.subscription(subscription).setPushEndpoint(endpoint);
    return {};
  },
  DeleteSubscription: async (request) => {
    await broker.deleteSubscription(subscriptionNameSchema.parse(request).subscription);
    return {};
  },
});

/**
 * An implementation of a whole gRPC service: the given methods, and UNIMPLEMENTED with a sentence for every other one.
 * @param names every method that the service defines.
 */
export const toImplementation = (
  names: readonly string[],
  methods: Readonly<Record<string, Answer>>,
): UntypedServiceImplementation =>
  Object.fromEntries(
    names.map((name) => {
      const method = methods[name] ?? (() => Promise.reject(unimplemented(name)));
      const handle: handleUnaryCall<unknown, object> = (call, callback) => {
        answer(method, call.request).then(
          (value) => callback(null, value),
          (error: unknown) => callback(toServiceError(error)),
        );
      };
      return [name, handle];
    }),
  );

const answer = async (method: Answer, request: unknown): Promise<object> => method(request);

const unimplemented = (name: string): StatusError =>
  new StatusError(
    status.UNIMPLEMENTED,
    `Tally's local Pub/Sub pushes only and has no ${name}: start Google's emulator with --pubsub google.`,
  );

const toServiceError = (error: unknown): { code: status; details: string } => {
  if (error instanceof StatusError) return { code: error.code, details: error.details };
  if (error instanceof z.ZodError) {
    const { details } = invalidArgument(
      error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
    return { code: status.INVALID_ARGUMENT, details };
  }
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : 'failed' };
};

const ofProject = <T>(project: string, all: readonly T[], nameOf: (item: T) => string): T[] =>
  all.filter((item) => nameOf(item).startsWith(`${project}/`));

const toDuration = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) });

const toResource = (subscription: Subscription): object => {
  const { name, topic, ackDeadlineSeconds, retentionSeconds, retryPolicy, deadLetterPolicy } =
    subscription.settings;
  return {
    name,
    topic,
    pushConfig: { pushEndpoint: subscription.pushEndpoint() },
    ackDeadlineSeconds: ackDeadlineSeconds,
    messageRetentionDuration: toDuration(retentionSeconds * 1000),
    retryPolicy: retryPolicy && {
      minimumBackoff: toDuration(retryPolicy.minimumBackoffMs),
      maximumBackoff: toDuration(retryPolicy.maximumBackoffMs),
    },
    deadLetterPolicy: deadLetterPolicy && {
      deadLetterTopic: deadLetterPolicy.topic,
      maxDeliveryAttempts: deadLetterPolicy.maxDeliveryAttempts,
    },
  };
};

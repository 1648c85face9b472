import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import { pull } from './pull.ts';
import {
  acknowledgeSchema,
  listOfProjectSchema,
  listOfTopicSchema,
  modifyAckDeadlineSchema,
  modifyPushConfigSchema,
  type Page,
  publishSchema,
  pullSchema,
  subscriptionNameSchema,
  subscriptionSchema,
  topicNameSchema,
  topicSchema,
  updateSubscriptionSchema,
} from './requests.ts';
import { toReceivedMessage, toSubscriptionResource } from './resources.ts';
import { toServiceError } from './toServiceError.ts';
import { notEmulated } from './statusError.ts';

/**
 * Answers one request.
 * @param signal aborted when the client no longer waits.
 */
type Answer = (request: unknown, signal: AbortSignal) => object | Promise<object>;

/** The methods of the Publisher service that Tally and a publisher need. */
export const publisherMethods = (broker: Broker): Record<string, Answer> => ({
  CreateTopic: (request) => {
    const topic = topicSchema.parse(request);
    broker.createTopic(topic);
    return topic;
  },
  GetTopic: (request) => broker.topic(topicNameSchema.parse(request).topic),
  ListTopics: (request) => {
    const { project, ...page } = listOfProjectSchema.parse(request);
    const ofProject = broker.topics().filter(({ name }) => name.startsWith(`${project}/`));
    const { items, nextPageToken } = toPage(ofProject, ({ name }) => name, page);
    return { topics: items, nextPageToken };
  },
  ListTopicSubscriptions: (request) => {
    const { topic, ...page } = listOfTopicSchema.parse(request);
    const { name: topicName } = broker.topic(topic);
    const ofTopic = settingsOf(broker).filter((settings) => settings.topic === topicName);
    const { items, nextPageToken } = toPage(ofTopic, ({ name }) => name, page);
    return { subscriptions: items.map(({ name }) => name), nextPageToken };
  },
  DeleteTopic: (request) => {
    broker.deleteTopic(topicNameSchema.parse(request).topic);
    return {};
  },
  Publish: (request) => {
    const { topic, messages } = publishSchema.parse(request);
    return { messageIds: broker.publish(topic, messages) };
  },
});

/** The methods of the Subscriber service, except StreamingPull: see `serveStreamingPull`. */
export const subscriberMethods = (broker: Broker): Record<string, Answer> => ({
  CreateSubscription: (request) =>
    toSubscriptionResource(broker.createSubscription(subscriptionSchema.parse(request)).settings()),
  GetSubscription: (request) =>
    toSubscriptionResource(
      broker.subscription(subscriptionNameSchema.parse(request).subscription).settings(),
    ),
  UpdateSubscription: (request) => {
    const { name, changes } = updateSubscriptionSchema.parse(request);
    return toSubscriptionResource(broker.updateSubscription(name, changes).settings());
  },
  ListSubscriptions: (request) => {
    const { project, ...page } = listOfProjectSchema.parse(request);
    const ofProject = settingsOf(broker).filter(({ name }) => name.startsWith(`${project}/`));
    const { items, nextPageToken } = toPage(ofProject, ({ name }) => name, page);
    return { subscriptions: items.map(toSubscriptionResource), nextPageToken };
  },
  ModifyPushConfig: (request) => {
    const { subscription, pushConfig } = modifyPushConfigSchema.parse(request);
    broker.updateSubscription(subscription, { pushConfig });
    return {};
  },
  DeleteSubscription: async (request) => {
    await broker.deleteSubscription(subscriptionNameSchema.parse(request).subscription);
    return {};
  },
  Pull: async (request, signal) => {
    const { subscription: name, maxMessages, returnImmediately } = pullSchema.parse(request);
    const subscription = broker.subscription(name);
    const deliveries = await pull(subscription, { maxMessages, returnImmediately, signal });
    const settings = subscription.settings();
    return { receivedMessages: deliveries.map((delivery) => toReceivedMessage(delivery, settings)) };
  },
  Acknowledge: (request) => {
    const { subscription, ackIds } = acknowledgeSchema.parse(request);
    broker.subscription(subscription).acknowledge(ackIds);
    return {};
  },
  ModifyAckDeadline: (request) => {
    const { subscription, ackIds, ackDeadlineSeconds } = modifyAckDeadlineSchema.parse(request);
    broker.subscription(subscription).modifyAckDeadline(ackIds, ackDeadlineSeconds);
    return {};
  },
});

/**
 * Implements a whole gRPC service. A method that is not given answers UNIMPLEMENTED, with a sentence that
 * says so.
 * @param names all methods that the service defines.
 */
export const toImplementation = (
  names: readonly string[],
  methods: Readonly<Record<string, Answer>>,
): UntypedServiceImplementation =>
  Object.fromEntries(
    names.map((name) => {
      const method = methods[name] ?? (() => Promise.reject(notEmulated(name)));
      const handle: handleUnaryCall<unknown, object> = (call, callback) => {
        answer(method, call).then(
          (value) => callback(null, value),
          (error: unknown) => callback(toServiceError(error)),
        );
      };
      return [name, handle];
    }),
  );

const answer = async (method: Answer, call: ServerUnaryCall<unknown, object>): Promise<object> => {
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  return method(call.request, gone.signal);
};

const settingsOf = (broker: Broker) => broker.subscriptions().map((subscription) => subscription.settings());

/** One page of a list that is sorted by name. `nextPageToken` is '' on the last page. */
const toPage = <T>(all: readonly T[], nameOf: (item: T) => string, { pageSize, pageToken }: Page) => {
  const left = all.filter((item) => nameOf(item) > pageToken);
  const items = left.slice(0, pageSize);
  const last = items.at(-1);
  return { items, nextPageToken: left.length > items.length && last !== undefined ? nameOf(last) : '' };
};

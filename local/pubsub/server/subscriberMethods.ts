import type { Broker } from './broker.ts';
import type { Methods } from './methods.ts';
import { pull } from './pull.ts';
import {
  acknowledgeSchema,
  listOfProjectSchema,
  modifyAckDeadlineSchema,
  modifyPushConfigSchema,
  newSubscriptionSchema,
  pullSchema,
  seekSchema,
  subscriptionNameSchema,
  updateSubscriptionSchema,
} from './requests.ts';
import { toReceivedMessage, toSubscriptionResource } from './resources.ts';
import { toPage } from './toPage.ts';

/** The methods of the Subscriber service, except StreamingPull: see `serveStreamingPull`. */
export const subscriberMethods = (broker: Broker): Methods => ({
  CreateSubscription: (request) =>
    toSubscriptionResource(broker.createSubscription(newSubscriptionSchema.parse(request)).settings()),
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
    const ofProject = broker
      .subscriptions()
      .map((subscription) => subscription.settings())
      .filter(({ name }) => name.startsWith(`${project}/`));
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
  Seek: (request) => {
    const { subscription, timeMs } = seekSchema.parse(request);
    broker.seek(subscription, timeMs);
    return {};
  },
});

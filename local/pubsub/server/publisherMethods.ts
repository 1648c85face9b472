import type { Broker } from './broker.ts';
import type { Methods } from './methods.ts';
import {
  listOfProjectSchema,
  listOfTopicSchema,
  publishSchema,
  subscriptionNameSchema,
  topicNameSchema,
  topicSchema,
  updateTopicSchema,
} from './requests.ts';
import { toTopicResource } from './resources.ts';
import { toPage } from './toPage.ts';

/** The methods of the Publisher service that Tally and a publisher need. */
export const publisherMethods = (broker: Broker): Methods => ({
  CreateTopic: (request) => {
    const topic = topicSchema.parse(request);
    broker.createTopic(topic);
    return toTopicResource(topic);
  },
  GetTopic: (request) => toTopicResource(broker.topic(topicNameSchema.parse(request).topic)),
  UpdateTopic: (request) => {
    const { name, changes } = updateTopicSchema.parse(request);
    return toTopicResource(broker.updateTopic(name, changes));
  },
  ListTopics: (request) => {
    const { project, ...page } = listOfProjectSchema.parse(request);
    const ofProject = broker.topics().filter(({ name }) => name.startsWith(`${project}/`));
    const { items, nextPageToken } = toPage(ofProject, ({ name }) => name, page);
    return { topics: items.map(toTopicResource), nextPageToken };
  },
  ListTopicSubscriptions: (request) => {
    const { topic, ...page } = listOfTopicSchema.parse(request);
    const { name: topicName } = broker.topic(topic);
    const ofTopic = broker
      .subscriptions()
      .filter(({ settings }) => settings().topic === topicName && !settings().isDetached);
    const { items, nextPageToken } = toPage(ofTopic, ({ settings }) => settings().name, page);
    return { subscriptions: items.map(({ settings }) => settings().name), nextPageToken };
  },
  DeleteTopic: (request) => {
    broker.deleteTopic(topicNameSchema.parse(request).topic);
    return {};
  },
  DetachSubscription: (request) => {
    broker.detachSubscription(subscriptionNameSchema.parse(request).subscription);
    return {};
  },
  Publish: (request) => {
    const { topic, messages } = publishSchema.parse(request);
    return { messageIds: broker.publish(topic, messages) };
  },
});

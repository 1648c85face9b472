import { describe, expect, it } from 'vitest';
import { CODE, type Emulator, PROJECT_ID } from './emulator.ts';
import { deadLetterPolicy } from './pushContract.ts';

export const describeResources = (emulator: Emulator): void => {
  describe('topics and subscriptions', () => {
    it('are created, shown, listed and deleted', async () => {
      const { topic, subscription } = await emulator.route();
      const project = `projects/${PROJECT_ID}`;
      const [topicName, name] = [emulator.topicName(topic), emulator.subscriptionName(subscription)];

      expect(await emulator.call('GetTopic', { topic: topicName })).toMatchObject({ name: topicName });
      expect(await emulator.call('GetSubscription', { subscription: name })).toMatchObject({
        name,
        topic: topicName,
        ackDeadlineSeconds: 10,
      });
      const { topics } = await emulator.call('ListTopics', { project });
      expect(topics).toContainEqual(expect.objectContaining({ name: topicName }));
      const { subscriptions } = await emulator.call('ListSubscriptions', { project });
      expect(subscriptions).toContainEqual(expect.objectContaining({ name }));
      expect(await emulator.call('ListTopicSubscriptions', { topic: topicName })).toMatchObject({
        subscriptions: [name],
      });

      await emulator.call('DeleteSubscription', { subscription: name });
      await emulator.call('DeleteTopic', { topic: topicName });

      expect(await emulator.codeOf('GetSubscription', { subscription: name })).toBe(CODE.NOT_FOUND);
      expect(await emulator.codeOf('GetTopic', { topic: topicName })).toBe(CODE.NOT_FOUND);
    });

    it('are listed in pages', async () => {
      const routes = [await emulator.route(), await emulator.route(), await emulator.route()];
      const project = `projects/${PROJECT_ID}`;

      const names: unknown[] = [];
      let pageToken = '';
      do {
        const page = await emulator.call('ListTopics', { project, pageSize: 2, pageToken });
        const topics = page.topics as readonly { name: string }[];
        expect(topics.length).toBeLessThanOrEqual(2);
        names.push(...topics.map(({ name }) => name));
        pageToken = page.nextPageToken as string;
      } while (pageToken !== '');

      expect(new Set(names).size).toBe(names.length);
      for (const { topic } of routes) expect(names).toContain(emulator.topicName(topic));
    });

    it('are refused when they exist already, or when their topic is missing', async () => {
      const { topic, subscription } = await emulator.route();
      const [topicName, name] = [emulator.topicName(topic), emulator.subscriptionName(subscription)];
      const create = (request: object) => emulator.codeOf('CreateSubscription', request);

      expect(await emulator.codeOf('CreateTopic', { name: topicName })).toBe(CODE.ALREADY_EXISTS);
      expect(await create({ name, topic: topicName })).toBe(CODE.ALREADY_EXISTS);
      const other = emulator.subscriptionName('other');
      expect(await create({ name: other, topic: emulator.topicName('nowhere') })).toBe(CODE.NOT_FOUND);
      const request = { subscription: other, ackIds: ['x'] };
      expect(await emulator.codeOf('Acknowledge', request)).toBe(CODE.NOT_FOUND);
      expect(await emulator.codeOf('Pull', { subscription: other, maxMessages: 1 })).toBe(CODE.NOT_FOUND);
    });

    it.for(['1abc', 'ab', 'a b c', 'goog-topic'])('refuse the name %j', async (name) => {
      expect(await emulator.codeOf('CreateTopic', { name: emulator.topicName(name) })).toBe(
        CODE.INVALID_ARGUMENT,
      );
    });

    it.for<[string, object, number]>([
      ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }, CODE.INVALID_ARGUMENT],
      ['a backoff of 601 s', { retryPolicy: { maximumBackoff: { seconds: 601 } } }, CODE.INVALID_ARGUMENT],
      [
        'a backoff whose minimum is above its maximum',
        { retryPolicy: { minimumBackoff: { seconds: 2 }, maximumBackoff: { seconds: 1 } } },
        CODE.INVALID_ARGUMENT,
      ],
      ['a retention of 9 minutes', { messageRetentionDuration: { seconds: 540 } }, CODE.INVALID_ARGUMENT],
      [
        'a retention of 32 days',
        { messageRetentionDuration: { seconds: 32 * 86_400 } },
        CODE.INVALID_ARGUMENT,
      ],
    ])('refuse %s', async ([, settings, code]) => {
      const { topic } = await emulator.route();
      const name = emulator.subscriptionName('refused');

      const request = { name, topic: emulator.topicName(topic), ...settings };

      expect(await emulator.codeOf('CreateSubscription', request)).toBe(code);
    });

    it('accept an ack deadline of 10 s, but no shorter one', async () => {
      const { topic } = await emulator.route();
      const request = { name: emulator.subscriptionName('short'), topic: emulator.topicName(topic) };

      const code = await emulator.codeOf('CreateSubscription', { ...request, ackDeadlineSeconds: 9 });

      expect(code).toBe(emulator.differs('ackDeadline') ? CODE.OK : CODE.INVALID_ARGUMENT);
    });

    it('keep messages for up to 31 days', async () => {
      const { topic } = await emulator.route();
      const request = { name: emulator.subscriptionName('month'), topic: emulator.topicName(topic) };
      const messageRetentionDuration = { seconds: 31 * 86_400 };

      const code = await emulator.codeOf('CreateSubscription', { ...request, messageRetentionDuration });

      expect(code).toBe(emulator.differs('retention') ? CODE.INVALID_ARGUMENT : CODE.OK);
    });

    it('are updated by mask: what it does not name stays', async () => {
      const dead = await emulator.route();
      const { subscription } = await emulator.route();
      const name = emulator.subscriptionName(subscription);

      await emulator.call('UpdateSubscription', {
        subscription: {
          name,
          ackDeadlineSeconds: 77,
          retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 9 } },
          deadLetterPolicy: deadLetterPolicy(dead.topic, 7),
          pushConfig: { pushEndpoint: emulator.endpointOf('not-named') },
        },
        updateMask: { paths: ['ack_deadline_seconds', 'retry_policy', 'dead_letter_policy'] },
      });

      expect(await emulator.call('GetSubscription', { subscription: name })).toMatchObject({
        ackDeadlineSeconds: 77,
        retryPolicy: { minimumBackoff: { seconds: '1' }, maximumBackoff: { seconds: '9' } },
        deadLetterPolicy: deadLetterPolicy(dead.topic, 7),
        pushConfig: { pushEndpoint: '' },
      });
    });

    it('have labels, and a topic’s labels can be updated', async () => {
      const { topic } = await emulator.route();
      const name = emulator.topicName(topic);
      const labelled = { name: emulator.topicName(`${topic}-labelled`), labels: { team: 'pay' } };
      await emulator.call('CreateTopic', labelled);

      const update = { topic: { name, labels: { env: 'dev' } }, updateMask: { paths: ['labels'] } };
      const code = await emulator.codeOf('UpdateTopic', update);

      expect(await emulator.call('GetTopic', { topic: labelled.name })).toMatchObject(labelled);
      const isRefused = emulator.differs('topicLabels');
      expect(code).toBe(isRefused ? CODE.INVALID_ARGUMENT : CODE.OK);
      const updated = await emulator.call('GetTopic', { topic: name });
      expect(updated).toMatchObject(isRefused ? { name } : update.topic);
    });

    it('refuse an update whose mask is empty or names a field that cannot change', async () => {
      const { subscription, topic } = await emulator.route();
      const name = emulator.subscriptionName(subscription);
      const update = (paths: string[]) =>
        emulator.codeOf('UpdateSubscription', {
          subscription: { name, topic: emulator.topicName(topic) },
          updateMask: { paths },
        });

      expect(await update([])).toBe(CODE.INVALID_ARGUMENT);
      expect(await update(['topic'])).toBe(CODE.INVALID_ARGUMENT);
    });

    it('keep their backlog when the topic is deleted, and get nothing from a new one of its name', async () => {
      const { topic, subscription, publish, untilPulled, pull, ack } = await emulator.route();
      await publish('kept');

      await emulator.client().topic(topic).delete();
      await emulator.client().createTopic(topic);
      await publish('of the new topic');

      const name = emulator.subscriptionName(subscription);
      expect(await emulator.call('GetSubscription', { subscription: name })).toMatchObject({
        topic: '_deleted-topic_',
      });
      const kept = await untilPulled();
      expect(kept.message.data.toString()).toBe('kept');
      await ack(kept.ackId);
      expect(await pull()).toEqual([]);
    });
  });

  describe('publish', () => {
    const publish = async (message: object): Promise<number> => {
      const { topic } = await emulator.route();
      return emulator.codeOf('Publish', { topic: emulator.topicName(topic), messages: [message] });
    };

    it('needs a topic, and a message with data or an attribute', async () => {
      const topic = emulator.topicName('nowhere');

      expect(await emulator.codeOf('Publish', { topic, messages: [{ data: Buffer.from('x') }] })).toBe(
        CODE.NOT_FOUND,
      );
      expect(await publish({})).toBe(CODE.INVALID_ARGUMENT);
      expect(await publish({ attributes: { a: '' } })).toBe(CODE.OK);
    });

    it.for<[string, Record<string, string>]>([
      ['a value of 1,025 bytes', { key: 'x'.repeat(1_025) }],
      ['a key of 257 bytes', { ['k'.repeat(257)]: 'x' }],
      ['101 attributes', Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`key${index}`, 'x']))],
    ])('refuses attributes beyond the limits: %s', async ([, attributes]) => {
      const code = await publish({ data: Buffer.from('x'), attributes });

      expect(code).toBe(emulator.differs('attributeLimits') ? CODE.OK : CODE.INVALID_ARGUMENT);
    });

    it('takes 1 to 1,000 messages', async () => {
      const { topic } = await emulator.route();
      const ofCount = (count: number) =>
        emulator.codeOf('Publish', {
          topic: emulator.topicName(topic),
          messages: Array.from({ length: count }, () => ({ data: Buffer.from('x') })),
        });

      expect(await ofCount(1_000)).toBe(CODE.OK);
      expect(await ofCount(0)).toBe(CODE.INVALID_ARGUMENT);
      expect(await ofCount(1_001)).toBe(CODE.INVALID_ARGUMENT);
    });
  });
};

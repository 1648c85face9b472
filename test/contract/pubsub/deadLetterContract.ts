import { describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { CODE, type Emulator, PROJECT_ID, type Received, type Route } from './emulator.ts';
import { deadLetterPolicy } from './pushContract.ts';

const exhaust = async ({ untilPulled, modifyAckDeadline }: Route, attempts: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let nacks = 0; nacks < attempts; nacks += 1) {
    const { ackId, deliveryAttempt } = await untilPulled();
    seen.push(deliveryAttempt);
    await modifyAckDeadline([ackId], 0);
  }
  return seen;
};

/** Google's emulator forwards a dead letter only at the next pull from the source. */
const untilForwarded = ({ pull }: Route, dead: Route): Promise<Received> =>
  until('the dead letter', async () => {
    await pull(1);
    return (await dead.pull(1))[0];
  });

export const describeDeadLetters = (emulator: Emulator): void => {
  describe('dead letters', () => {
    it('are forwarded after the last attempt, with a new id and where they came from', async () => {
      const dead = await emulator.route();
      const route = await emulator.route({ deadLetterPolicy: deadLetterPolicy(dead.topic, 5) });
      const published = await emulator.call('Publish', {
        topic: emulator.topicName(route.topic),
        messages: [{ data: Buffer.from('poison'), attributes: { colour: 'red' }, orderingKey: 'order 1' }],
      });
      const messageId = (published.messageIds as string[])[0];

      const attempts = await exhaust(route, 5);

      const { message } = await untilForwarded(route, dead);
      expect(attempts).toEqual([1, 2, 3, 4, 5]);
      expect(message.messageId).not.toBe(messageId);
      expect(message.data.toString()).toBe('poison');
      expect(message.orderingKey).toBe('order 1');
      const { CloudPubSubDeadLetterSourceTopicPublishTime: time = '', ...attributes } = message.attributes;
      expect(attributes).toEqual({
        colour: 'red',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: route.subscription,
        CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT_ID,
      });
      expect(Date.parse(time)).toBeLessThanOrEqual(Number(message.publishTime.seconds) * 1_000 + 999);
      expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000);
      expect(await route.pull()).toEqual([]);
    });

    it('stay where they are while the dead-letter topic is missing, and are not lost', async () => {
      const dead = await emulator.route();
      const route = await emulator.route({ deadLetterPolicy: deadLetterPolicy(dead.topic, 5) });
      await emulator.client().topic(dead.topic).delete();
      await route.publish('poison');
      await exhaust(route, 5);

      await emulator.client().createTopic(dead.topic);
      const after = await emulator.route({}, dead.topic);

      const letter = await untilForwarded(route, after);
      expect(letter.message.data.toString()).toBe('poison');
      expect(letter.message.attributes.CloudPubSubDeadLetterSourceSubscription).toBe(route.subscription);
    });

    it('are lost, as in production, where the dead-letter topic has no subscription', async () => {
      const dead = await emulator.route();
      await emulator.client().subscription(dead.subscription).delete();
      const route = await emulator.route({ deadLetterPolicy: deadLetterPolicy(dead.topic, 5) });
      await route.publish('poison');
      await exhaust(route, 5);
      await route.publish('next');

      const next = await until('the next', async () => (await route.pull(1))[0]);

      expect(next.message.data.toString()).toBe('next');
    });

    it.for([4, 101])('refuse a policy of %i attempts', async (attempts) => {
      const { topic } = await emulator.route();
      const request = {
        name: emulator.subscriptionName('refused'),
        topic: emulator.topicName(topic),
        deadLetterPolicy: deadLetterPolicy(topic, attempts),
      };

      expect(await emulator.codeOf('CreateSubscription', request)).toBe(CODE.OUT_OF_RANGE);
    });

    it('refuse a topic that does not exist', async () => {
      const { topic } = await emulator.route();
      const request = {
        name: emulator.subscriptionName('refused'),
        topic: emulator.topicName(topic),
        deadLetterPolicy: deadLetterPolicy('nowhere', 5),
      };

      const code = await emulator.codeOf('CreateSubscription', request);
      expect(code).toBe(CODE.NOT_FOUND);
    });

    it('refuse a policy without a topic, and keep the one that is there', async () => {
      const { topic } = await emulator.route();
      const name = emulator.subscriptionName('kept');
      const settings = { name, topic: emulator.topicName(topic) };
      await emulator.call('CreateSubscription', {
        ...settings,
        deadLetterPolicy: deadLetterPolicy(topic, 5),
      });
      const update = { ...settings, deadLetterPolicy: { maxDeliveryAttempts: 7 } };

      const code = await emulator.codeOf('UpdateSubscription', {
        subscription: update,
        updateMask: { paths: ['dead_letter_policy'] },
      });

      // Google's emulator looks for the topic; ours says that it is no name of one.
      expect([CODE.NOT_FOUND, CODE.INVALID_ARGUMENT]).toContain(code);
      expect(await emulator.call('GetSubscription', { subscription: name })).toMatchObject({
        deadLetterPolicy: { maxDeliveryAttempts: 5 },
      });
    });
  });
};

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { base64, CODE, type Emulator, PROJECT_ID } from './emulator.ts';

/** The statuses that ack on production. 102 acks too: as an interim answer it has another test. */
const ACKS = [200, 201, 202, 204];
/** How long a handler that talks to a database takes. */
const HANDLING_MS = 100;
const NACKS = [203, 301, 400, 404, 429, 500, 503];

export const describePush = (emulator: Emulator): void => {
  describe('push', () => {
    it('sends the wrapped body, with both spellings of id and time', async () => {
      const route = await emulator.pushRoute();

      const messageId = await route.publish('{"a":1}', { colour: 'red' });

      const first = await until('the push', () => route.pushes()[0]);
      expect(first.headers['content-type']).toMatch(/^application\/json/);
      expect(first.headers.authorization).toBeUndefined();
      // What listens on a laptop refuses a foreign Host, and any Origin.
      expect(first.headers.host).toBe(new URL(emulator.endpointOf(route.subscription)).host);
      expect(first.headers.origin).toBeUndefined();
      expect(first.body.subscription).toBe(emulator.subscriptionName(route.subscription));
      expect(first.body.message).toMatchObject({
        data: base64('{"a":1}'),
        attributes: { colour: 'red' },
        messageId,
        message_id: messageId,
        publishTime: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
        publish_time: first.body.message.publishTime,
      });
      expect(first.body.deliveryAttempt).toBeUndefined();
    });

    it('leaves attributes out of the body when there are none', async () => {
      const { publish, pushes } = await emulator.pushRoute();

      await publish('x');

      const first = await until('the push', () => pushes()[0]);
      expect(first.body.message.attributes).toEqual(
        emulator.differs('pushWithoutAttributes') ? {} : undefined,
      );
    });

    it('carries the ordering key', async () => {
      const { topic, pushes } = await emulator.pushRoute();

      await emulator.call('Publish', {
        topic: emulator.topicName(topic),
        messages: [{ data: Buffer.from('x'), orderingKey: 'order 1' }],
      });

      const first = await until('the push', () => pushes()[0]);
      expect(first.body.message.orderingKey).toBe(
        emulator.differs('pushOrderingKey') ? undefined : 'order 1',
      );
    });

    it.for([...ACKS, ...NACKS])('takes %i for what it is, an ack or a nack', async (code) => {
      const { publish, pushes } = await emulator.pushRoute({}, (nth) => (nth === 0 ? code : 204));
      const isOtherWay = emulator.differs('pushAckStatuses') && [202, 203].includes(code);
      const isAck = ACKS.includes(code) !== isOtherWay;

      await publish('first');
      await until('the push', () => pushes().length === 1);
      await publish('second');
      await until('the next push', () => pushes().length === (isAck ? 2 : 3));

      const times = pushes().filter(({ body }) => body.message.data === base64('first')).length;
      expect(times).toBe(isAck ? 1 : 2);
    });

    it('pushes the same message with the same body again after a nack', async () => {
      const { publish, pushes } = await emulator.pushRoute({}, (nth) => (nth === 0 ? 503 : 204));

      await publish('x', { colour: 'red' });

      await until('the second push', () => pushes().length === 2);
      const [first, second] = pushes();
      expect(second?.body.message).toEqual(first?.body.message);
    });

    it('takes a refused connection for a nack, and pushes again where somebody listens', async () => {
      const route = await emulator.pushRoute({ pushConfig: { pushEndpoint: 'http://127.0.0.1:9/nobody' } });

      await route.publish('x');
      await emulator
        .client()
        .subscription(route.subscription)
        .modifyPushConfig({
          pushEndpoint: emulator.endpointOf(route.subscription),
        });

      await until('the push', () => route.pushes().length === 1);
    });

    it('takes a handler that is still busy at the ack deadline for a nack', async () => {
      const busy = Promise.withResolvers<number>();
      const { publish, pushes } = await emulator.pushRoute({}, (nth) => (nth === 0 ? busy.promise : 204));

      await publish('x');

      await until('the second push', () => pushes().length === 2);
      const [first, second] = pushes();
      busy.resolve(204);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(9_000);
    });

    it('keeps the backlog while there is no endpoint, and pushes it when there is one', async () => {
      const { publish, pushes, subscription } = await emulator.route();
      await publish('one');
      await publish('two');

      const pushEndpoint = emulator.endpointOf(subscription);
      await emulator.client().subscription(subscription).modifyPushConfig({ pushEndpoint });

      await until('both', () => pushes().length === 2);
    });

    it('keeps the backlog when the endpoint goes, for those who pull', async () => {
      const { publish, pull, subscription, pushes } = await emulator.pushRoute({}, () => 503);
      await publish('x');
      await until('a push', () => pushes().length > 0);

      await emulator.client().subscription(subscription).modifyPushConfig({});

      const pulled = await until('the message', async () => (await pull())[0]);
      expect(pulled.message.data.toString()).toBe('x');
    });

    it('refuses to be pulled from', async () => {
      const { subscription, openStream } = await emulator.pushRoute();
      const pull = {
        subscription: emulator.subscriptionName(subscription),
        maxMessages: 1,
        returnImmediately: true,
      };
      const isRefused = !emulator.differs('pullFromPush');

      expect(await emulator.codeOf('Pull', pull)).toBe(isRefused ? CODE.FAILED_PRECONDITION : CODE.OK);
      const stream = openStream();
      const code = isRefused ? await until('its end', () => stream.code()) : stream.code();
      expect(code).toBe(isRefused ? CODE.FAILED_PRECONDITION : undefined);
      stream.cancel();
    });

    it('has many pushes in flight', async () => {
      let [now, most] = [0, 0];
      const { publish, pushes } = await emulator.pushRoute({}, async () => {
        now += 1;
        most = Math.max(most, now);
        await delay(HANDLING_MS);
        now -= 1;
        return 204;
      });

      await Promise.all(Array.from({ length: 60 }, (_, index) => publish(`message ${index}`)));

      await until('all pushes', () => pushes().length >= 60);
      const [least, limit] = emulator.differs('pushesInFlight') ? [2, 2] : [9, 60];
      expect(most).toBeGreaterThanOrEqual(least);
      expect(most).toBeLessThanOrEqual(limit);
    });

    it('delivers two thousand messages, each at least once', async () => {
      const { publish, pushes } = await emulator.pushRoute();
      const texts = Array.from({ length: 2_000 }, (_, index) => `message ${index}`);

      await Promise.all(texts.map((text) => publish(text)));

      const received = () => new Set(pushes().map(({ body }) => body.message.data));
      await until('all of them', () => received().size === texts.length);
      expect(received()).toEqual(new Set(texts.map(base64)));
    });

    it('counts attempts in the body where there is a dead-letter policy', async () => {
      const dead = await emulator.route();
      const { publish, pushes } = await emulator.pushRoute(
        { deadLetterPolicy: deadLetterPolicy(dead.topic, 5) },
        (nth) => (nth < 2 ? 503 : 204),
      );

      await publish('x');

      await until('three pushes', () => pushes().length === 3);
      const attempts = pushes().map(({ body }) => body.deliveryAttempt);
      expect(attempts).toEqual(
        emulator.differs('pushAttempt') ? [undefined, undefined, undefined] : [1, 2, 3],
      );
    });

    it('dead-letters after the last attempt', async () => {
      const dead = await emulator.pushRoute();
      const { publish, pushes } = await emulator.pushRoute(
        { deadLetterPolicy: deadLetterPolicy(dead.topic, 5) },
        () => 503,
      );

      await publish('poison', { colour: 'red' });

      const letter = await until('the dead letter', () => dead.pushes()[0]);
      expect(pushes()).toHaveLength(5);
      expect(letter.body.message.data).toBe(base64('poison'));
      expect(letter.body.message.attributes).toMatchObject({ colour: 'red' });
    });
  });
};

export const deadLetterPolicy = (topic: string, maxDeliveryAttempts: number) => ({
  deadLetterTopic: `projects/${PROJECT_ID}/topics/${topic}`,
  maxDeliveryAttempts,
});

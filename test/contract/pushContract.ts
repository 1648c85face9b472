import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPart } from '../../local/part.ts';
import { until } from '../support/until.ts';

/** Where an emulator is known to differ from production; what is not listed here must be the same. */
export interface KnownDifferences {
  /** Google's emulator 0.8.20 sends no `deliveryAttempt` in a push body, and empty attributes where there are none. */
  readonly hasPlainBody: boolean;
  /** Production's are 200, 201, 202, 204 (and 102, which no HTTP library answers with). Google's emulator nacks on 202. */
  readonly acksOn: readonly number[];
  /** Google's emulator 0.8.20 does not check attribute sizes. */
  readonly checksAttributes: boolean;
}

interface Pushed {
  readonly body: {
    readonly subscription: string;
    readonly deliveryAttempt?: number;
    readonly message: Readonly<Record<string, unknown>> & { readonly attributes?: Record<string, string> };
  };
  readonly contentType: string | undefined;
}

/** gRPC's codes: https://grpc.io/docs/guides/status-codes/ */
const CODE = { INVALID_ARGUMENT: 3, NOT_FOUND: 5, ALREADY_EXISTS: 6, OUT_OF_RANGE: 11 } as const;
const PROJECT_ID = 'tally-push-contract';

/** One suite for every Pub/Sub that Tally runs on locally: publish and push, as production documents them. */
export const describePushContract = (
  name: string,
  start: () => Promise<LocalPart>,
  known: KnownDifferences,
): void => {
  describe(`the push contract, on ${name}`, () => {
    let part: LocalPart;
    let client: PubSub;
    let endpoint: Server;
    let url = '';
    const pushed = new Map<string, Pushed[]>();
    let answer: (path: string, nth: number) => number = () => 204;
    let lastName = 0;

    /** A topic and a push subscription of the test's own. */
    const setUp = async (settings: object = {}, path?: string) => {
      lastName += 1;
      const topic = `topic-${lastName}`;
      const subscription = `subscription-${lastName}`;
      await client.createTopic(topic);
      await client.createSubscription(topic, subscription, {
        ackDeadlineSeconds: 10,
        pushConfig: { pushEndpoint: `${url}${path ?? `/${subscription}`}` },
        ...settings,
      });
      return {
        topic,
        subscription,
        seen: () => pushed.get(`/${subscription}`) ?? [],
        publish: (data: string, attributes: Record<string, string> = {}) =>
          client.topic(topic).publishMessage({ data: Buffer.from(data), attributes }),
      };
    };
    const deadLetterPolicy = (topic: string, maxDeliveryAttempts: number) => ({
      deadLetterPolicy: { deadLetterTopic: `projects/${PROJECT_ID}/topics/${topic}`, maxDeliveryAttempts },
    });

    beforeAll(async () => {
      part = await start();
      client = new PubSub({ projectId: PROJECT_ID, apiEndpoint: part.address, emulatorMode: true });
      const record = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
        const path = request.url ?? '';
        const list = pushed.get(path) ?? [];
        pushed.set(path, [...list, { body, contentType: request.headers['content-type'] }]);
        response.writeHead(answer(path, list.length)).end();
      };
      endpoint = createServer((request, response) => void record(request, response));
      await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
      const address = endpoint.address();
      url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    });
    afterAll(async () => {
      await client.close();
      endpoint.closeAllConnections();
      endpoint.close();
      await part.stop();
    });

    it('pushes the wrapped body, with both spellings of id and time', async () => {
      const { publish, seen, subscription } = await setUp();

      const messageId = await publish('{"a":1}', { colour: 'red' });

      const [first] = await until('the push', () => (seen().length > 0 ? seen() : undefined));
      expect(first?.contentType).toMatch(/^application\/json/);
      expect(first?.body.subscription).toBe(`projects/${PROJECT_ID}/subscriptions/${subscription}`);
      expect(first?.body.message).toMatchObject({
        data: Buffer.from('{"a":1}').toString('base64'),
        attributes: { colour: 'red' },
        messageId,
        message_id: messageId,
        publishTime: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
        publish_time: first?.body.message.publishTime,
      });
      expect(first?.body.deliveryAttempt).toBeUndefined();
    });

    it('leaves attributes out when there are none', async () => {
      const { publish, seen } = await setUp();

      await publish('x');

      const [first] = await until('the push', () => (seen().length > 0 ? seen() : undefined));
      expect(first?.body.message.attributes).toEqual(known.hasPlainBody ? {} : undefined);
    });

    it.for(known.acksOn)('takes %i for an ack', async (code) => {
      const { publish, seen, subscription } = await setUp();
      answer = (path) => (path === `/${subscription}` ? code : 204);

      await publish('first');
      await until('the push', () => seen().length === 1);
      await publish('second');
      await until('the next push', () => seen().length >= 2);

      expect(new Set(seen().map(({ body }) => body.message.data)).size).toBe(seen().length);
    });

    it.for([301, 404, 429, 500, 503])('takes %i for a nack, and pushes again', async (code) => {
      const { publish, seen, subscription } = await setUp();
      answer = (path, nth) => (path === `/${subscription}` && nth === 0 ? code : 204);

      await publish('x');

      await until('the second push', () => seen().length === 2);
      const [first, second] = seen();
      expect(second?.body.message).toEqual(first?.body.message);
    });

    it('keeps the backlog while there is no endpoint, and pushes it when there is one', async () => {
      const { publish, seen, subscription } = await setUp({ pushConfig: {} });
      await publish('one');
      await publish('two');

      await client.subscription(subscription).modifyPushConfig({ pushEndpoint: `${url}/${subscription}` });

      await until('both', () => seen().length === 2);
    });

    it('does not deliver what was published before the subscription was there', async () => {
      await client.createTopic('early-topic');
      await client.topic('early-topic').publishMessage({ data: Buffer.from('before') });
      await client.createSubscription('early-topic', 'early-subscription', {
        pushConfig: { pushEndpoint: `${url}/early` },
      });

      await client.topic('early-topic').publishMessage({ data: Buffer.from('after') });

      const seen = await until('a push', () => pushed.get('/early'));
      expect(seen.map(({ body }) => body.message.data)).toEqual([Buffer.from('after').toString('base64')]);
    });

    it('dead-letters after the last attempt, with a new id and where it came from', async () => {
      const dead = await setUp();
      const { publish, seen, subscription } = await setUp(deadLetterPolicy(dead.topic, 5));
      answer = (path) => (path === `/${subscription}` ? 503 : 204);

      const messageId = await publish('poison', { colour: 'red' });

      const [letter] = await until('the dead letter', () =>
        dead.seen().length > 0 ? dead.seen() : undefined,
      );
      expect(seen()).toHaveLength(5);
      const attempts = known.hasPlainBody ? [1, 2, 3, 4, 5].map(() => undefined) : [1, 2, 3, 4, 5];
      expect(seen().map(({ body }) => body.deliveryAttempt)).toEqual(attempts);
      expect(letter?.body.message.messageId).not.toBe(messageId);
      expect(letter?.body.message.data).toBe(Buffer.from('poison').toString('base64'));
      const { CloudPubSubDeadLetterSourceTopicPublishTime: time = '', ...attributes } =
        letter?.body.message.attributes ?? {};
      expect(attributes).toEqual({
        colour: 'red',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: subscription,
        CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT_ID,
      });
      expect(Date.parse(time)).toBe(Date.parse(String(seen()[0]?.body.message.publishTime)));
    });

    it('answers with production’s codes', async () => {
      const { topic, subscription } = await setUp();
      const code = (call: Promise<unknown>) =>
        call.then(
          () => 0,
          (error: { code?: number }) => error.code,
        );

      expect(await code(client.createTopic(topic))).toBe(CODE.ALREADY_EXISTS);
      expect(await code(client.createSubscription(topic, subscription))).toBe(CODE.ALREADY_EXISTS);
      expect(await code(client.createSubscription('nowhere', 'other-subscription'))).toBe(CODE.NOT_FOUND);
      expect(await code(client.subscription('nowhere').getMetadata())).toBe(CODE.NOT_FOUND);
      expect(await code(client.topic('nowhere').publishMessage({ data: Buffer.from('x') }))).toBe(
        CODE.NOT_FOUND,
      );
      expect(await code(client.createTopic('1x'))).toBe(CODE.INVALID_ARGUMENT);
      const few = deadLetterPolicy(topic, 4);
      expect(await code(client.createSubscription(topic, 'few-attempts', few))).toBe(CODE.OUT_OF_RANGE);
      const attributes = { key: 'x'.repeat(1_025) };
      const large = client.topic(topic).publishMessage({ data: Buffer.from('x'), attributes });
      expect(await code(large)).toBe(known.checksAttributes ? CODE.INVALID_ARGUMENT : 0);
    });

    it('delivers two thousand messages, each at least once', async () => {
      const { publish, seen } = await setUp();
      const texts = Array.from({ length: 2_000 }, (_, index) => `message ${index}`);

      await Promise.all(texts.map((text) => publish(text)));

      const received = () => new Set(seen().map(({ body }) => body.message.data));
      await until('all of them', () => received().size === texts.length, 60_000);
      expect(received()).toEqual(new Set(texts.map((text) => Buffer.from(text).toString('base64'))));
    });
  });
};

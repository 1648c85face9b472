import { PubSub } from '@google-cloud/pubsub';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createPublisher } from '../../../shared/messaging/publisher.ts';
import { PROJECT_ID, type Route, setUpEmulator } from '../../contract/pubsub/emulator.ts';
import { PUBLISH_TIMEOUT_MS } from '../../../shared/deadlines.ts';

const MESSAGE = { data: Buffer.from('{"order_id": 1}') };
const TOPICS = ['dlq_orders_data', 'dlq_payments_data', 'staging-dlq_orders_data'] as const;

const publisherOf = (changes: Partial<Parameters<typeof createPublisher>[0]> = {}, timeoutMs?: number) => {
  const publisher = createPublisher({ projectId: PROJECT_ID, environment: undefined, ...changes }, timeoutMs);
  onTestFinished(() => publisher.close());
  return publisher;
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a publish', () => {
  let address = '';
  const emulator = setUpEmulator(async () => {
    const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    ({ address } = pubsub);
    return pubsub;
  });
  const routes = new Map<(typeof TOPICS)[number], Route>();
  beforeAll(async () => {
    for (const topic of TOPICS) {
      await emulator.client().createTopic(topic);
      routes.set(topic, await emulator.route({}, topic));
    }
  });
  beforeEach(() => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', address);
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'a-project-without-topics');
  });

  /** Takes the one message that a topic has. */
  const take = async (topic: (typeof TOPICS)[number]) => {
    const route = routes.get(topic);
    const received = await route?.untilPulled();
    await route?.ack(received?.ackId ?? '');
    return received?.message;
  };

  it('brings the bytes and the attributes to the topic, and tells the id', async () => {
    const attributes = { dead_letter_reason: 'invalid' };

    const id = await publisherOf().publish('dlq_orders_data', { ...MESSAGE, attributes });

    expect(await take('dlq_orders_data')).toMatchObject({ messageId: id, data: MESSAGE.data, attributes });
  });

  it('without attributes brings none', async () => {
    const id = await publisherOf().publish('dlq_payments_data', MESSAGE);

    expect(await take('dlq_payments_data')).toMatchObject({ messageId: id, attributes: {} });
  });

  it('goes to the topic of its own environment', async () => {
    const id = await publisherOf({ environment: 'staging' }).publish('dlq_orders_data', MESSAGE);

    expect(await take('staging-dlq_orders_data')).toMatchObject({ messageId: id });
  });

  it('asks its environment for the project when it is told none', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', PROJECT_ID);

    const id = await publisherOf({ projectId: undefined }).publish('dlq_orders_data', MESSAGE);

    expect(await take('dlq_orders_data')).toMatchObject({ messageId: id });
  });

  it('goes to the emulator that it is told, whatever its environment says', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', '127.0.0.1:1');

    const id = await publisherOf({ pubsubEmulatorHost: address }).publish('dlq_orders_data', MESSAGE);

    expect(await take('dlq_orders_data')).toMatchObject({ messageId: id });
  });

  it('fails when its topic is not there', async () => {
    const publishing = publisherOf().publish('orders_data', MESSAGE);

    await expect(publishing).rejects.toThrow(
      expect.objectContaining({
        name: 'TransientError',
        message: 'publish to orders_data was not confirmed',
        cause: expect.objectContaining({ code: 5 }) as unknown,
      }),
    );
  });

  it('shares one queue a topic with those before it, so that they share requests', async () => {
    const opened = vi.spyOn(PubSub.prototype, 'topic');
    const publisher = publisherOf();

    await publisher.publish('dlq_orders_data', MESSAGE);
    await publisher.publish('dlq_orders_data', MESSAGE);
    await publisher.publish('dlq_payments_data', MESSAGE);

    expect(opened.mock.calls.map(([name]) => name)).toEqual(['dlq_orders_data', 'dlq_payments_data']);
    await take('dlq_orders_data');
    await take('dlq_orders_data');
    await take('dlq_payments_data');
  });

  it('of messages that go together is one request, so that they have one publish time', async () => {
    const requests = vi.spyOn(PubSub.prototype, 'topic');
    const publisher = publisherOf();
    const send = (together?: number) =>
      publisher.publish('dlq_orders_data', together === undefined ? MESSAGE : { ...MESSAGE, together });

    const ids = await Promise.all([
      send(),
      send(3),
      send(3),
      send(3),
      send(2),
      send(2),
      send(3),
      send(3),
      send(3),
    ]);

    const batches = requests.mock.calls.map(([, options]) => options?.batching?.maxMessages);
    expect(batches).toEqual([500, 3, 2]);
    const times = new Map<string, unknown>();
    for (const _ of ids) {
      const message = await take('dlq_orders_data');
      times.set(message?.messageId ?? '', JSON.stringify(message?.publishTime));
    }
    const [, first, second, third, , , ...others] = ids.map((id) => times.get(id));
    expect([second, third]).toEqual([first, first]);
    expect(new Set(others).size).toBe(1);
  });

  it('tells the client to give up within the time of a publish, and to wait only milliseconds for a fuller request', async () => {
    const opened = vi.spyOn(PubSub.prototype, 'topic');

    await publisherOf().publish('dlq_orders_data', MESSAGE);

    const inTime = PUBLISH_TIMEOUT_MS;
    expect(opened.mock.calls[0]?.[1]).toEqual({
      batching: { maxMessages: 500, maxBytes: 4_194_304, maxMilliseconds: 5 },
      gaxOpts: {
        timeout: inTime,
        retry: {
          backoffSettings: {
            initialRetryDelayMillis: 100,
            retryDelayMultiplier: 2,
            maxRetryDelayMillis: 1_000,
            initialRpcTimeoutMillis: inTime,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: inTime,
            totalTimeoutMillis: inTime,
          },
        },
      },
    });
    await take('dlq_orders_data');
  });

  it('leaves no timer behind once it is confirmed', async () => {
    const started = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');

    await publisherOf({}, 12_345).publish('dlq_orders_data', MESSAGE);

    const timers = started.mock.results.filter((_, call) => started.mock.calls[call]?.[1] === 12_345);
    expect(timers.length).toBeGreaterThan(0);
    expect(cleared.mock.calls.map(([timer]) => timer)).toEqual(
      expect.arrayContaining(timers.map(({ value }) => value)),
    );
    await take('dlq_orders_data');
  });

  it('closes what it opened, and nothing when it opened nothing', async () => {
    const closed = vi.spyOn(PubSub.prototype, 'close');
    const publisher = createPublisher({ projectId: PROJECT_ID, environment: undefined });

    await publisher.close();
    expect(closed).not.toHaveBeenCalled();
    await publisher.publish('dlq_orders_data', MESSAGE);
    await publisher.close();

    expect(closed).toHaveBeenCalledTimes(1);
    await take('dlq_orders_data');
  });
});

describe('a publish to a Pub/Sub that is away', () => {
  it('ends in time when every connection is refused, whatever pause the client is in', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', `127.0.0.1:${await findFreePort()}`);
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
    const publisher = publisherOf({}, 250);

    const publishing = publisher.publish('dlq_orders_data', MESSAGE);

    const error = await publishing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({
      message: 'publish to dlq_orders_data was not confirmed',
      cause: { message: 'no confirmation within 250 ms' },
    });
  });
});

import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Duration, PubSub } from '@google-cloud/pubsub';
import { provision } from '../../../local/pubsub/provision.ts';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../../proof/until.ts';
import type { IncomingEvent } from '../../../shared/domain/event.ts';
import { DRAIN_TIMEOUT_MS, QUEUE_TIMEOUT_MS } from '../../../shared/deadlines.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { Handler } from '../../../shared/messaging/settleMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { startPulling } from '../../../shared/messaging/startPulling.ts';
import { SUBSCRIPTIONS, type Topic } from '../../../shared/topology.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

const PROJECT_ID = 'tally-pull-test';

/** A worker with this handler, on a Pub/Sub of its own. A nacked message comes again after a second. */
const setUp = async (
  handle: Handler,
  { isProvisioned = true, knowsHost = true, drainTimeoutMs = DRAIN_TIMEOUT_MS } = {},
) => {
  const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
  onTestFinished(() => pubsub.stop());
  if (isProvisioned)
    await provision({
      projectId: PROJECT_ID,
      pubsub: pubsub.address,
      functionUrls: {},
      isGoogleEmulator: false,
    });
  const producer = new PubSub({ projectId: PROJECT_ID, apiEndpoint: pubsub.address, emulatorMode: true });
  onTestFinished(() => producer.close());
  if (!knowsHost) {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', pubsub.address);
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', PROJECT_ID);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
  }
  const { log, lines } = createRecordingLog();
  const part = { handle, tell: async () => {}, log };
  const config = {
    projectId: knowsHost ? PROJECT_ID : undefined,
    pubsubEmulatorHost: knowsHost ? pubsub.address : undefined,
    environment: undefined,
  };
  const parts = { onOrder: part, onPayment: part, onDlq: part };
  const start = async () => {
    const pulling = await startPulling({ config, parts, drainTimeoutMs });
    onTestFinished(() => pulling.drain());
    return pulling;
  };
  return {
    config,
    parts,
    start,
    lines,
    publish: (topic: Topic, text: string) =>
      producer.topic(topic).publishMessage({ data: Buffer.from(text) }),
  };
};

afterEach(() => {
  vi.restoreAllMocks();
});

const textOf = ({ data }: IncomingEvent): string => Buffer.from(data).toString();

describe('the worker', { timeout: 30_000 }, () => {
  it.each([true, false])(
    'takes messages of all subscriptions, and says of each where it came from; told its Pub/Sub: %s',
    async (knowsHost) => {
      const events: IncomingEvent[] = [];
      const { publish, start } = await setUp(
        async (event) => {
          events.push(event);
          return ack('matched');
        },
        { knowsHost },
      );
      await publish('orders_data', 'order');
      await publish('dlq_payments_data', 'dead');

      await start();
      await until('both messages', () => events.length === 2);

      expect(
        events.map((event) => [event.subscription, event.carrier.kind, event.deliveryAttempt, textOf(event)]),
      ).toEqual(
        expect.arrayContaining([
          ['orders_data-sub', 'input', 1, 'order'],
          ['dlq_payments_data-sub', 'bare', undefined, 'dead'],
        ]),
      );
    },
  );

  it('gives a message back that could not be settled, and acks it when it could', async () => {
    const attempts: (number | undefined)[] = [];
    const { publish, start, lines } = await setUp(async ({ deliveryAttempt }) => {
      attempts.push(deliveryAttempt);
      if (attempts.length === 1) throw new TransientError('the store is away');
      return ack('stored');
    });
    await publish('orders_data', 'order');

    await start();
    await until('the second outcome line', () => lines().length === 2);

    expect(attempts).toEqual([1, 2]);
    expect(lines().map(({ settlement }) => settlement)).toEqual(['retry', 'ack']);
  });

  it('never acks a settlement that it does not know', async () => {
    let deliveries = 0;
    const { publish, start, lines } = await setUp(async () => {
      deliveries += 1;
      return { kind: 'shrug' } as never;
    });
    await publish('orders_data', 'order');

    await start();
    await until('the second delivery', () => deliveries === 2);

    expect(lines()[0]).toMatchObject({ severity: 'ERROR', message: 'message not settled' });
  });

  it('gives back what has waited for too long, with an outcome line for each, and takes it again', async () => {
    const release = Promise.withResolvers<void>();
    onTestFinished(() => release.resolve());
    const attempts = new Map<string, number | undefined>();
    const { publish, start, lines } = await setUp(async (event) => {
      attempts.set(textOf(event), event.deliveryAttempt);
      await release.promise;
      return ack('stored');
    });
    const { inHand, waiting } = await start();
    await Promise.all(Array.from({ length: 128 }, (_, index) => publish('orders_data', `order ${index}`)));
    await until('a full hand', () => inHand() === 128);
    await publish('orders_data', 'late');
    await until('the one that waits', () => waiting() === 1);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + QUEUE_TIMEOUT_MS + 1);

    await publish('payments_data', 'next');
    await until('what is given back', () => lines().length === 1);
    release.resolve();
    await until('its second delivery', () => attempts.has('late'));

    expect(lines()[0]).toMatchObject({
      outcome: 'retry',
      reason: 'waited too long',
      subscription: 'orders_data-sub',
      delivery_attempt: 1,
    });
    expect(attempts.get('late')).toBe(2);
  });

  it('finishes at its drain what is in hand, and leaves the rest to others', async () => {
    const release = Promise.withResolvers<void>();
    const started = new Set<string>();
    const { publish, start, lines } = await setUp(async (event) => {
      started.add(textOf(event));
      await release.promise;
      return ack('stored');
    });
    const texts = Array.from({ length: 200 }, (_, index) => `order ${index}`);
    await Promise.all(texts.map((text) => publish('orders_data', text)));
    const first = await start();
    await until('a full hand', () => first.inHand() === 128);

    const drained = first.drain();
    release.resolve();
    await drained;

    expect(lines()).toHaveLength(128);
    expect(first.inHand()).toBe(0);
    await start();
    await until('the rest', () => started.size === 200);
    await until('its outcome lines', () => lines().length === 200);
    expect(new Set(lines().map(({ message_id }) => message_id)).size).toBe(200);
  });

  it('gives back at the end of its drain what is still in hand', async () => {
    const deliveries: (number | undefined)[] = [];
    const handle: Handler = async ({ deliveryAttempt }) => {
      deliveries.push(deliveryAttempt);
      return deliveries.length === 1 ? new Promise<never>(() => {}) : ack('stored');
    };
    const { publish, start } = await setUp(handle, { drainTimeoutMs: 1_500 });
    await publish('orders_data', 'order');
    const first = await start();
    await until('the message', () => first.inHand() === 1);

    await first.drain();

    await start();
    await until('the second delivery', () => deliveries.length === 2);
    expect(deliveries).toEqual([1, 2]);
  });

  it('tells the client how much a stream may hold, how long a lease lasts, and how long a drain may take', async () => {
    const { config, parts } = await setUp(async () => ack('stored'));
    const opened = vi.spyOn(PubSub.prototype, 'subscription');

    const pulling = await startPulling({ config, parts });
    onTestFinished(() => pulling.drain());

    expect(opened.mock.calls.map(([name]) => name)).toEqual(SUBSCRIPTIONS.map(({ name }) => name));
    const minute = Duration.from({ seconds: 60 });
    for (const [, options] of opened.mock.calls) {
      expect(options).toEqual({
        flowControl: { maxMessages: 256, maxBytes: 33_554_432 },
        streamingOptions: { maxStreams: 1 },
        batching: { maxMilliseconds: 20 },
        minAckDeadline: minute,
        maxAckDeadline: minute,
        maxExtensionTime: Duration.from({ seconds: 120 }),
        closeOptions: { behavior: 'WAIT', timeout: Duration.from({ seconds: 8 }) },
      });
    }
  });

  it('fails when a subscription does not exist, and says which', async () => {
    const { start } = await setUp(async () => ack('stored'), { isProvisioned: false });

    const { failed } = await start();

    await expect(failed).rejects.toThrow(/orders_data-sub|payments_data-sub/);
  });
});

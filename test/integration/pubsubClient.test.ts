import diagnosticsChannel from 'node:diagnostics_channel';
import { type Message, PubSub } from '@google-cloud/pubsub';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { findFreePort } from '../../local/ports.ts';
import { startLocalPubSub } from '../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../proof/until.ts';

const MESSAGES = 10_000;
const NACKED_EVERY = 20;
/** Three keep-alives of the client, which come every 30 s, and the 15 s that it waits for each answer. */
const IDLE_MS = 90_000;

/** Google's Node client on a new local Pub/Sub. */
const connect = async (projectId: string) => {
  const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
  const client = new PubSub({ projectId, apiEndpoint: pubsub.address, emulatorMode: true });
  onTestFinished(async () => {
    await client.close();
    await pubsub.stop();
  });
  await client.createTopic('topic');
  await client.createSubscription('topic', 'subscription', { ackDeadlineSeconds: 10 });
  return {
    address: pubsub.address,
    client,
    topic: client.topic('topic'),
    subscription: client.subscription('subscription'),
  };
};

/** Counts the StreamingPulls that this process opens to an address. Node reports each HTTP/2 stream. */
const countStreams = (address: string): (() => number) => {
  let count = 0;
  const onStream = (message: unknown): void => {
    const { headers } = streamSchema.parse(message);
    if (headers[':authority'] === address && headers[':path'].endsWith('/StreamingPull')) count += 1;
  };
  // https://nodejs.org/api/diagnostics_channel.html#event-http2clientstreamcreated
  diagnosticsChannel.subscribe('http2.client.stream.created', onStream);
  onTestFinished(() => void diagnosticsChannel.unsubscribe('http2.client.stream.created', onStream));
  return () => count;
};

const streamSchema = z.object({ headers: z.object({ ':path': z.string(), ':authority': z.string() }) });

describe('Google’s Node client on the local Pub/Sub', { concurrent: true }, () => {
  it(
    'gets all of 10,000 messages although 5% are nacked, and none again after its ack',
    {
      timeout: 120_000,
    },
    async () => {
      const { client, topic, subscription } = await connect('tally-client');
      const deliveries = new Map<string, number>();
      const acked = new Set<string>();
      const afterAck: string[] = [];
      let nacks = 0;
      subscription.on('message', (message: Message) => {
        const text = message.data.toString();
        const nth = (deliveries.get(text) ?? 0) + 1;
        deliveries.set(text, nth);
        if (acked.has(text)) afterAck.push(text);
        if (nth === 1 && Number(text) % NACKED_EVERY === 0) {
          nacks += 1;
          message.nack();
        } else {
          acked.add(text);
          message.ack();
        }
      });
      const texts = Array.from({ length: MESSAGES }, (_, index) => String(index));

      await Promise.all(texts.map((text) => topic.publishMessage({ data: Buffer.from(text) })));
      await until('all acks', () => acked.size === MESSAGES, 60_000);
      // `close` sends the acks that the client still holds. A message that another subscriber then gets was
      // not acked.
      await subscription.close();
      const left: string[] = [];
      const next = client.subscription('subscription');
      next.on('message', (message: Message) => {
        left.push(message.data.toString());
        message.ack();
      });
      await topic.publishMessage({ data: Buffer.from('last') });
      await until('the last message', () => left.includes('last'));
      await next.close();

      expect(nacks).toBe(MESSAGES / NACKED_EVERY);
      expect([...deliveries.values()].reduce((sum, count) => sum + count, 0)).toBe(MESSAGES + nacks);
      expect(afterAck).toEqual([]);
      expect(left).toEqual(['last']);
    },
  );

  it('keeps an idle StreamingPull open: none is opened again in 90 s', { timeout: 150_000 }, async () => {
    const { address, topic, subscription } = await connect('tally-idle');
    const received: string[] = [];
    const streams = countStreams(address);
    subscription.on('message', (message: Message) => {
      received.push(message.data.toString());
      message.ack();
    });
    await topic.publishMessage({ data: Buffer.from('before') });
    await until('the first message', () => received.length === 1);
    const opened = streams();
    const startedAt = performance.now();

    await until('the idle time', () => performance.now() - startedAt > IDLE_MS, IDLE_MS + 30_000);
    await topic.publishMessage({ data: Buffer.from('after') });

    await until('the second message', () => received.length === 2);
    expect(opened).toBeGreaterThan(0);
    expect(streams()).toBe(opened);
    await subscription.close();
  });
});

import diagnosticsChannel from 'node:diagnostics_channel';
import type { Message } from '@google-cloud/pubsub';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { until } from '../../proof/until.ts';
import { connectNodeClient } from '../support/pubsub/connectNodeClient.ts';

/** Three keep-alives of the client, which come every 30 s, and the 15 s that it waits for each answer. */
const IDLE_MS = 90_000;

/**
 * Counts the StreamingPulls that this process opens to an address, by what Node says of its HTTP/2 streams.
 */
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

describe('Google’s Node client on the local Pub/Sub', () => {
  it('keeps an idle StreamingPull open: none is opened again in 90 s', { timeout: 150_000 }, async () => {
    const { address, topic, subscription } = await connectNodeClient('tally-idle');
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

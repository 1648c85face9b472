/**
 * A process that draws the simulator's messages and publishes them in full batches with Google's client, and
 * does nothing else, started with `fork`. The floor for the cost of a simulator. Its arguments are how many
 * orders it measures, and how many it publishes before that to warm up.
 */
import { PubSub } from '@google-cloud/pubsub';
import { createWorkload } from '../../functions/simulate/createWorkload.ts';
import { parseRequest } from '../../functions/simulate/parseRequest.ts';
import type { BarePublish } from '../parts/simulator.ts';

const BATCH = { maxMessages: 500, maxBytes: 4 * 1024 * 1024, maxMilliseconds: 5 };
/** As many as the simulator has in flight. */
const IN_FLIGHT = 2_000;

const client = new PubSub({ projectId: process.env.GOOGLE_CLOUD_PROJECT ?? '' });
const topics = {
  orders_data: client.topic('orders_data', { batching: BATCH }),
  payments_data: client.topic('payments_data', { batching: BATCH }),
};

const publishAll = async (orders: number): Promise<void> => {
  const body = Buffer.from(JSON.stringify({ preset: 'shop', orders, early: 0 }));
  const { slots } = await createWorkload(
    parseRequest('POST', body, () => orders),
    Date.now(),
  );
  let publishing: Promise<string>[] = [];
  for (const { messages } of slots()) {
    for (const { topic, data } of messages)
      publishing.push(topics[topic].publishMessage({ data: Buffer.from(data) }));
    if (publishing.length < IN_FLIGHT) continue;
    await Promise.all(publishing);
    publishing = [];
  }
  await Promise.all(publishing);
};

const [orders, warmUpOrders] = process.argv.slice(2).map(Number);
await publishAll(warmUpOrders ?? 0);
const before = process.cpuUsage();
await publishAll(orders ?? 0);
const { user, system } = process.cpuUsage(before);
const result: BarePublish = { cpuMs: (user + system) / 1_000 };
process.send?.(result);

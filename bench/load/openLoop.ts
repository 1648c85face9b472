/**
 * A process that publishes orders and their payments at a fixed rate, started with `fork`. It never waits for
 * anything but the clock. A message that it sends late is late in the measurement too: its latency counts
 * from the moment at which it was due.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { bodyOf } from './eventKinds.ts';
import type { OpenLoopRun } from '../parts/openLoop.ts';

const [perSecond = 0, messages = 0, firstOrderId = 0] = process.argv.slice(2).map(Number);
const publisher = createPublisher(loadConfig());

const publish = (index: number): Promise<string> => {
  const orderId = firstOrderId + Math.floor(index / 2);
  return index % 2 === 0
    ? publisher.publish('orders_data', { data: Buffer.from(bodyOf('order', orderId)) })
    : publisher.publish('payments_data', { data: Buffer.from(bodyOf('matched payment', orderId)) });
};

const run = async (): Promise<OpenLoopRun> => {
  // The client is loaded, and its connection opened, before the clock starts.
  await publisher.publish('dlq_orders_data', { data: Buffer.from('warm up') });
  const intervalMs = 1_000 / perSecond;
  const startedAtMs = Date.now();
  const publishing: Promise<unknown>[] = [];
  for (let index = 0; index < messages; index += 1) {
    const dueInMs = startedAtMs + index * intervalMs - Date.now();
    if (dueInMs > 0) await delay(dueInMs);
    publishing.push(publish(index));
  }
  await Promise.all(publishing);
  return { startedAtMs, intervalMs, messages };
};

process.send?.(await run());

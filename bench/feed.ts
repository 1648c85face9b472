import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLocalFeed } from '../console/feed/localFeed.ts';
import type { Delivery, PublishedMessage } from '../local/pubsub/server/message.ts';
import { SUBSCRIPTIONS } from '../shared/topology.ts';

/** At 2,000 messages a second, a frame each 250 ms. */
const MESSAGES_PER_FRAME = 500;
const MESSAGES = 200_000;
const ROUNDS = 5;

/** What one message says, made before the clock runs: making it is not the feed's work. */
interface Told {
  readonly subscription: string;
  readonly message: PublishedMessage;
  readonly delivery: Delivery;
  readonly line: string;
}

/**
 * `npm run bench:feed`: what the feed of the console costs for each message, with one page that looks. Each
 * message is enqueued, leased and acked, and has its outcome line, as in a running system. It prints the
 * processor time of each round and of the best one, in microseconds a message.
 */
const main = async (): Promise<void> => {
  const told = Array.from({ length: MESSAGES }, (_, index) => toTold(index));
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await costOf(told));
  console.log(`processor time a message: ${rounds.map((cost) => `${cost.toFixed(1)} µs`).join(', ')}`);
  console.log(`the best of ${ROUNDS} rounds of ${MESSAGES} messages: ${Math.min(...rounds).toFixed(1)} µs`);
};

const costOf = async (told: readonly Told[]): Promise<number> => {
  const feed = createLocalFeed({ clock: Date.now, isWitnessed: true });
  const reader = feed.open({ text: '', topic: '', outcomes: [] });
  const before = process.cpuUsage();
  let bytes = 0;
  for (const [index, { subscription, message, delivery, line }] of told.entries()) {
    feed.witness.enqueued(subscription, message, 1);
    feed.witness.leased(subscription, delivery);
    feed.onFunctionLine('onOrder', line);
    feed.witness.acked(subscription, delivery);
    if (index % MESSAGES_PER_FRAME !== 0) continue;
    bytes += JSON.stringify(reader.next()).length;
    // Its timer chooses the sampling.
    await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  feed.stop();
  if (bytes === 0) throw new Error('no frame was made');
  return (user + system) / told.length;
};

const toTold = (index: number): Told => {
  const spec = SUBSCRIPTIONS[index % 2];
  if (spec === undefined) throw new Error('the topology has no subscriptions');
  const subscription = `projects/bench/subscriptions/${spec.name}`;
  const publishedAtMs = Date.now() + Math.floor(index / 100);
  const messageId = String(index + 1);
  const body = { order_id: index, customer_id: 101, item: 'Laptop', quantity: 2, price: 457.1, index };
  const message = {
    messageId,
    publishedAtMs,
    data: Buffer.from(JSON.stringify({ ...body, shipping_address: '123 Main St, City A, Country' })),
    attributes: {},
    orderingKey: '',
  };
  const fields = {
    severity: 'INFO',
    time: new Date(publishedAtMs).toISOString(),
    'logging.googleapis.com/labels': { function: spec.consumer },
    settlement: 'ack',
    outcome: index % 2 === 0 ? 'stored' : 'matched',
    reason: null,
    error: null,
    findings: [],
    clock_refused: false,
    redacted: false,
    order_id: String(index),
    payment_id: null,
    event_id: index.toString(16).padStart(32, '0'),
    origin_topic: spec.origin,
    subscription: spec.name,
    message_id: messageId,
    origin_message_id: messageId,
    publish_time: new Date(publishedAtMs).toISOString(),
    delivery_attempt: 1,
    redrive_count: 0,
    duration_ms: 12.345,
    message: 'message settled',
  };
  const delivery = { ackId: `ack-${index}`, message, bytes: 200, attempt: 1 };
  return { subscription, message, delivery, line: JSON.stringify(fields) };
};

await main();

import type { Message } from '@google-cloud/pubsub';
import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { connectNodeClient } from '../support/pubsub/connectNodeClient.ts';

const MESSAGES = 10_000;
const NACKED_EVERY = 20;

describe('Google’s Node client on the local Pub/Sub', () => {
  it(
    'gets all of 10,000 messages although 5% are nacked, and none again after its ack',
    {
      timeout: 120_000,
    },
    async () => {
      const { client, topic, subscription } = await connectNodeClient('tally-client');
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
});

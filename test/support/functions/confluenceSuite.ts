import { describe, expect, it } from 'vitest';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { factWriteTimes, hasCassandra } from '../cassandra/testKeyspace.ts';
import { setUpIntegration } from './integration.ts';
import { orderBody, paymentBody } from '../messages/bodies.ts';
import type { Pipeline } from './pipeline.ts';

interface Message {
  readonly topic: 'orders_data' | 'payments_data';
  readonly messageId: string;
  readonly publishTime: string;
  readonly body: (orderId: number) => unknown;
}

const MESSAGES: Readonly<Record<string, Message>> = {
  order: {
    topic: 'orders_data',
    messageId: '1',
    publishTime: '2026-11-24T03:00:00.100Z',
    body: (orderId) => orderBody(orderId),
  },
  payment: {
    topic: 'payments_data',
    messageId: '2',
    publishTime: '2026-11-24T03:00:00.200Z',
    body: (orderId) => paymentBody(orderId),
  },
  'second payment': {
    topic: 'payments_data',
    messageId: '3',
    publishTime: '2026-11-24T03:00:00.300Z',
    body: (orderId) => paymentBody(orderId, { payment_id: orderId + 5_000_000, payment_method: 'Apple Pay' }),
  },
};

/** @param every which of the 90 orders of delivery run: all of them for 1, each ninth for 9. */
export const describeConfluence = (every: number): void => {
  describe.skipIf(!hasCassandra)('orders of delivery', () => {
    const { start, client, source, nextOrderId, recordOf } = setUpIntegration();

    it('of an order, two payments and a duplicate of each all end in the same cells and write times', async () => {
      const pipeline = await start();
      const sequences = distinctPermutations([...Object.keys(MESSAGES), ...Object.keys(MESSAGES)]).filter(
        (_, index) => index % every === 0,
      );

      const ends: string[] = [];
      for (const sequence of sequences) {
        const orderId = nextOrderId();
        for (const name of sequence) await deliver(pipeline, orderId, name);
        await pipeline.untilSettled(0);
        ends.push(await endState(orderId));
      }

      expect(sequences).toHaveLength(90 / every);
      expect(new Set(ends)).toEqual(new Set([ends[0]]));
      expect(ends[0]).toContain('Apple Pay');
    }, 120_000);

    /** Everything that I4 speaks of, without the order's own id. */
    const endState = async (orderId: number): Promise<string> => {
      const { fact, ledger } = await recordOf(orderId);
      const rows = ledger.map(({ payment }) => payment?.paymentMethod);
      const times = await factWriteTimes(client(), BigInt(orderId));
      const letters = (
        await Promise.all(ledger.map((row) => source().findDeadLetters(deadLetterKeyOf(row))))
      ).flat();
      const open = letters.filter(
        ({ reason, matchedAtMs }) => reason === 'unmatched' && matchedAtMs === undefined,
      );
      const milliseconds = Object.entries(times).map(([column, time]) => [column, `${time / 1000n}`]);
      return JSON.stringify({
        order: fact?.order.item,
        paid: fact?.payment.paymentMethod,
        rows,
        milliseconds,
        open: open.length,
      });
    };
  });
};

const deliver = async (pipeline: Pipeline, orderId: number, name: string): Promise<void> => {
  const message = MESSAGES[name];
  if (message === undefined) throw new Error(`no message ${name}`);
  const { topic, messageId, publishTime, body } = message;
  const url = topic === 'orders_data' ? pipeline.urls.onOrder : pipeline.urls.onPayment;
  const data = Buffer.from(JSON.stringify(body(orderId))).toString('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      subscription: `projects/tally-test/subscriptions/${topic}-sub`,
      message: { messageId: `${messageId}-${orderId}`, publishTime, data },
    }),
  });
  expect(response.status).toBe(204);
};

const distinctPermutations = (items: readonly string[]): string[][] => {
  if (items.length === 0) return [[]];
  return [...new Set(items)].flatMap((first) => {
    const rest = items.toSpliced(items.indexOf(first), 1);
    return distinctPermutations(rest).map((sequence) => [first, ...sequence]);
  });
};

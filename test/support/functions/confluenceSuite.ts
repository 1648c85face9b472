import { describe, expect, it } from 'vitest';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { fold } from '../../../shared/domain/fold.ts';
import { findingReport } from '../../../shared/protocol/reportsOf.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { toLedgerEntries } from '../../../shared/store/rows.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import type { InputTopic, Topic } from '../../../shared/topology.ts';
import { createConsumers } from '../../../functions/createConsumers.ts';
import { factWriteTimes, hasCassandra } from '../cassandra/testKeyspace.ts';
import { pushRequest } from '../messages/builders.ts';
import { orderBody, paymentBody } from '../messages/bodies.ts';
import { setUpIntegration } from './integration.ts';
import { createRecordingLog } from './recordingLog.ts';

interface Message {
  readonly topic: InputTopic;
  readonly messageId: string;
  readonly publishTime: string;
  readonly body: (orderId: number) => unknown;
}

const ORDER: Message = {
  topic: 'orders_data',
  messageId: '1',
  publishTime: '2026-11-24T03:00:00.100Z',
  body: (orderId) => orderBody(orderId),
};
const PAYMENT: Message = {
  topic: 'payments_data',
  messageId: '2',
  publishTime: '2026-11-24T03:00:00.200Z',
  body: (orderId) => paymentBody(orderId),
};
/** It has no card, so it must not show that of the other one. */
const SECOND_PAYMENT: Message = {
  topic: 'payments_data',
  messageId: '3',
  publishTime: '2026-11-24T03:00:00.300Z',
  body: (orderId) =>
    paymentBody(orderId, {
      payment_id: orderId + 5_000_000,
      payment_method: 'Apple Pay',
      card_last_four: null,
    }),
};
const MESSAGES = [ORDER, PAYMENT, SECOND_PAYMENT];

const SUBSCRIPTION = { orders_data: 'orders_data-sub', payments_data: 'payments_data-sub' } as const;

const pushBody = ({ topic, messageId, publishTime, body }: Message, orderId: number): object => ({
  subscription: `projects/tally-test/subscriptions/${SUBSCRIPTION[topic]}`,
  message: {
    messageId: `${messageId}-${orderId}`,
    publishTime,
    data: Buffer.from(JSON.stringify(body(orderId))).toString('base64'),
  },
});

/** @param every which of the 90 orders of delivery run: all of them for 1, each ninth for 9. */
export const describeConfluence = (every: number): void => {
  describe.skipIf(!hasCassandra)('orders of delivery', () => {
    const { start, client, source, nextOrderId } = setUpIntegration();

    it('of an order, two payments and a duplicate of each all end in the rows and write times of any other', async () => {
      const { urls, untilSettled } = await start();
      const sequences = distinctPermutations([...MESSAGES, ...MESSAGES]).filter(
        (_, index) => index % every === 0,
      );

      for (const sequence of sequences) {
        const orderId = nextOrderId();
        for (const message of sequence) {
          const url = message.topic === 'orders_data' ? urls.onOrder : urls.onPayment;
          const body = JSON.stringify(pushBody(message, orderId));
          expect((await fetch(url, { method: 'POST', body })).status).toBe(204);
        }
        await untilSettled(0);

        const end = { ...(await dumpOf(source(), orderId)), writeTimes: await timesOf(orderId) };
        expect(end).toEqual(await deliverInMemory(orderId));
        expect(end.fact?.payment).toMatchObject({ paymentMethod: 'Apple Pay', cardLastFour: undefined });
        expect(end.deadLetters.map(({ reason }) => reason)).toContain('conflict');
      }
      expect(sequences).toHaveLength(90 / every);
    }, 120_000);

    const timesOf = (orderId: number) => factWriteTimes(client(), BigInt(orderId));
  });
};

/** Delivers each message once, in the order of their times, to a store in memory. */
const deliverInMemory = async (orderId: number) => {
  const store = createMemoryStore();
  const letters: { topic: Topic; data: Uint8Array; attributes: object | undefined }[] = [];
  const consumers = createConsumers({
    store,
    publisher: {
      publish: async (topic, { data, attributes }) => {
        letters.push({ topic, data, attributes });
        return '17';
      },
    },
    clock: Date.now,
    log: createRecordingLog('error').log,
  });
  for (const message of MESSAGES) {
    const consumer = message.topic === 'orders_data' ? 'onOrder' : 'onPayment';
    await consumers[consumer](pushRequest({ body: { ...pushBody(message, orderId) } }));
  }
  for (const { topic, data, attributes } of letters) {
    await consumers.onDlq(
      pushRequest({
        body: { subscription: `projects/tally-test/subscriptions/${topic}-sub` },
        message: {
          data: Buffer.from(data).toString('base64'),
          attributes,
          publishTime: '2026-11-24T03:00:01Z',
        },
      }),
    );
  }
  const row = store.tables.facts.read(String(orderId)) ?? {};
  const isThere = ([column]: readonly [string, unknown]) => (row[column] ?? null) !== null;
  const writeTimes = Object.fromEntries(
    Object.entries(store.tables.facts.writeTimes(String(orderId))).filter(isThere),
  );
  return { ...(await dumpOf(store, orderId)), writeTimes };
};

/**
 * All that I4 speaks of, and the dead letters of the findings. That of a payment which came before its order
 * depends on the order of delivery.
 */
const dumpOf = async (source: AuditSource, orderId: number) => {
  const { fact, ledger, paymentWriteTime } = await source.findOrderRecord(BigInt(orderId));
  const { findings } = fold(toLedgerEntries(ledger));
  const letters = await Promise.all(
    findings.map((finding) =>
      source.findDeadLetters(deadLetterKeyOf(findingReport(BigInt(orderId), finding))),
    ),
  );
  const deadLetters = letters.flat().map(({ id, reason, error }) => ({ id, reason, error }));
  return { fact, ledger, paymentWriteTime, deadLetters };
};

const distinctPermutations = <T>(items: readonly T[]): T[][] => {
  if (items.length === 0) return [[]];
  return [...new Set(items)].flatMap((first) => {
    const rest = items.toSpliced(items.indexOf(first), 1);
    return distinctPermutations(rest).map((sequence) => [first, ...sequence]);
  });
};

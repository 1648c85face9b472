import type { Client } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { createCalmClient } from '../../proof/simulation/cassandra/client.ts';
import { Replica } from '../../proof/simulation/cassandra/replica.ts';
import { createConsumers } from '../../functions/createConsumers.ts';
import { STATEMENTS_IN_A_ROW_MAX } from '../../shared/deadlines.ts';
import type { CassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import type { ConsumerFunction, Topic } from '../../shared/topology.ts';
import { createRecordingLog } from '../support/functions/recordingLog.ts';
import { pushRequest } from '../support/messages/builders.ts';
import { orderBytes, paymentBytes, PUBLISHED_AT_MS } from '../../proof/referenceMessages.ts';

const MARKS_AT_ONCE = 32;
const SUBSCRIPTION_OF: Readonly<Record<Topic, ConsumerFunction>> = {
  orders_data: 'onOrder',
  payments_data: 'onPayment',
  dlq_orders_data: 'onDlq',
  dlq_payments_data: 'onDlq',
};

/** All that the store uses of the driver's client. */
const STATEMENTS: ReadonlySet<string | symbol> = new Set(['execute', 'batch']);

type Statement = (...args: readonly unknown[]) => Promise<unknown>;

/** Statements that are sent together end together, so they count as one. */
const countRounds = (client: CassandraClient) => {
  let inFlight = 0;
  let rounds = 0;
  const counted =
    (call: Statement) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      if (inFlight === 0) rounds += 1;
      inFlight += 1;
      await new Promise(setImmediate);
      inFlight -= 1;
      return call(...args);
    };
  const connect = async (): Promise<Client> => {
    return new Proxy(await client.connect(), {
      get: (connection, name) =>
        STATEMENTS.has(name) ? counted(Reflect.get(connection, name).bind(connection)) : undefined,
    });
  };
  return { client: { ...client, connect }, rounds: () => rounds };
};

interface Delivered {
  readonly topic: Topic;
  readonly data: Buffer;
  readonly reason?: 'unmatched' | 'conflict' | 'invalid';
  readonly publishedAtMs?: number;
}

/** Delivers all but the last, and counts the statements of the last. */
const roundsOf = async (...deliveries: readonly Delivered[]): Promise<number> => {
  const client = createCalmClient([new Replica(), new Replica(), new Replica()]);
  const counting = countRounds(client);
  const deps = { clock: () => PUBLISHED_AT_MS, log: createRecordingLog().log };
  const published: string[] = [];
  const publisher = {
    publish: async (topic: Topic): Promise<string> => String(published.push(topic)),
  };
  const before = createConsumers({ ...deps, publisher, store: createCassandraStore(client) });
  const last = createConsumers({ ...deps, publisher, store: createCassandraStore(counting.client) });
  for (const [index, { topic, data, reason, publishedAtMs = PUBLISHED_AT_MS }] of deliveries.entries()) {
    const consumers = index === deliveries.length - 1 ? last : before;
    const publishTime = new Date(publishedAtMs).toISOString();
    const answer = await consumers[SUBSCRIPTION_OF[topic]](
      pushRequest({
        body: { subscription: `projects/tally-local/subscriptions/${topic}-sub` },
        message: {
          data: data.toString('base64'),
          publishTime,
          publish_time: publishTime,
          ...(reason === undefined ? {} : { attributes: { dead_letter_reason: reason } }),
        },
      }),
    );
    expect(answer).toEqual({ status: 204 });
  }
  return counting.rounds();
};

const ORDER: Delivered = { topic: 'orders_data', data: orderBytes() };
const PAYMENT: Delivered = { topic: 'payments_data', data: paymentBytes() };
const OTHER: Delivered = { topic: 'payments_data', data: paymentBytes({ payment_id: '2002' }) };
const PARKED: Delivered = { ...PAYMENT, topic: 'dlq_payments_data', reason: 'unmatched' };
const CONFLICT: Delivered = { ...OTHER, topic: 'dlq_payments_data', reason: 'conflict' };
const parked = (count: number): Delivered[] =>
  Array.from({ length: count }, (_, index) => ({ ...PARKED, publishedAtMs: PUBLISHED_AT_MS + index }));

describe('the statements that a handler sends one after the other', () => {
  it.each([
    ['an order', 2, [ORDER]],
    ['an order whose payment waits', 4, [PARKED, ORDER]],
    ['an order for which as many payments wait as are marked at once', 4, [...parked(MARKS_AT_ONCE), ORDER]],
    ['an early payment', 1, [PAYMENT]],
    ['a payment of an order that is here', 2, [ORDER, PAYMENT]],
    ['the same payment again', 3, [ORDER, PAYMENT, PAYMENT]],
    ['a second payment', 2, [ORDER, PAYMENT, OTHER]],
    ['a second payment again', 3, [ORDER, PAYMENT, OTHER, OTHER]],
    ['a parked payment', 2, [PARKED]],
    ['a parked payment whose order came in between', 4, [ORDER, PARKED]],
    ['a conflict', 5, [ORDER, PAYMENT, OTHER, CONFLICT]],
    ['an invalid message', 1, [{ ...PAYMENT, topic: 'dlq_payments_data', reason: 'invalid' }]],
    ['an order that Pub/Sub forwarded', 4, [PARKED, { ...ORDER, topic: 'dlq_orders_data' }]],
  ] as const)('are, for %s, %i', async (_what, statements, deliveries) => {
    expect(await roundsOf(...deliveries)).toBe(statements);
    expect(statements).toBeLessThanOrEqual(STATEMENTS_IN_A_ROW_MAX);
  });

  it('are one more for each further 32 payments that wait for an order', async () => {
    expect(await roundsOf(...parked(300), ORDER)).toBe(3 + Math.ceil(300 / MARKS_AT_ONCE));
  });
});

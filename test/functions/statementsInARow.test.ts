import type { Client } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { createCalmClient } from '../../proof/simulation/cassandra/client.ts';
import { Replica } from '../../proof/simulation/cassandra/replica.ts';
import { createConsumers } from '../../functions/createConsumers.ts';
import { STATEMENTS_IN_A_ROW_MAX, STATEMENTS_TO_TELL_MAX } from '../../shared/deadlines.ts';
import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { FORWARDED_ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import type { OutgoingMessage } from '../../shared/messaging/publisher.ts';
import type { ConsumerFunction, Topic } from '../../shared/topology.ts';
import { createRecordingLog } from '../support/functions/recordingLog.ts';
import { pushRequest } from '../support/messages/builders.ts';
import { orderBytes, paymentBytes } from '../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../support/messages/domain.ts';

const CONSUMER_OF: Readonly<Record<Topic, ConsumerFunction>> = {
  orders_data: 'onOrder',
  payments_data: 'onPayment',
  dlq_orders_data: 'onDlq',
  dlq_payments_data: 'onDlq',
};

interface Answer {
  readonly rows?: readonly unknown[];
}
interface Page {
  readonly fetchSize: number;
  readonly pageState?: string;
}

/** A part of an answer, as the driver pages it. The calm client answers with all rows at once. */
const pageOf = ({ rows = [] }: Answer, { fetchSize, pageState = '0' }: Page) => {
  const end = Number(pageState) + fetchSize;
  return { rows: rows.slice(Number(pageState), end), pageState: end < rows.length ? String(end) : null };
};

/** Notes what is sent, one letter for each statement. Those that are sent together stand side by side. */
const countStatements = (client: CassandraClient) => {
  let inFlight = 0;
  const sent: string[] = [];
  const note = async (kind: 'R' | 'W'): Promise<void> => {
    if (inFlight === 0) sent.push(kind);
    else sent[sent.length - 1] += kind;
    inFlight += 1;
    await new Promise(setImmediate);
    inFlight -= 1;
  };
  const connect = async (): Promise<Client> => {
    const connection = await client.connect();
    const counted = {
      execute: async (query: string, params: unknown[], options: Page) => {
        const isRead = query.startsWith('SELECT');
        await note(isRead ? 'R' : 'W');
        const answer = await connection.execute(query, params, options);
        return isRead ? pageOf(answer, options) : answer;
      },
      batch: async (...args: Parameters<Client['batch']>) => {
        await note('W');
        return connection.batch(...args);
      },
    };
    return counted as unknown as Client;
  };
  return { client: { ...client, connect }, sent };
};

interface Delivered {
  readonly topic: Topic;
  readonly data: Uint8Array;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly publishedAtMs?: number;
}

/** Delivers all messages, and returns what is sent for the last of them, and for the reports about it. */
const statementsOf = async (...deliveries: readonly Delivered[]) => {
  const { client, sent } = countStatements(createCalmClient([new Replica(), new Replica(), new Replica()]));
  const published: (OutgoingMessage & { readonly topic: Topic })[] = [];
  const consumers = createConsumers({
    clock: () => PUBLISHED_AT_MS,
    log: createRecordingLog().log,
    store: createCassandraStore(client),
    publisher: {
      publish: async (topic, message) => String(published.push({ topic, ...message })),
    },
  });
  const deliver = async ({ topic, data, attributes, publishedAtMs = PUBLISHED_AT_MS }: Delivered) => {
    sent.length = 0;
    const answer = await consumers[CONSUMER_OF[topic]](
      pushRequest({
        body: { subscription: `projects/tally-local/subscriptions/${topic}-sub` },
        message: {
          data: Buffer.from(data).toString('base64'),
          publishTime: new Date(publishedAtMs).toISOString(),
          publish_time: undefined,
          attributes,
        },
      }),
    );
    expect(answer).toEqual({ status: 204 });
    return sent.join(' ');
  };

  let last = '';
  for (const delivery of deliveries) {
    published.length = 0;
    last = await deliver(delivery);
  }
  const reports: string[] = [];
  for (const message of published.splice(0)) {
    reports.push(await deliver({ ...message, publishedAtMs: PUBLISHED_AT_MS + 5_000 }));
  }
  return { last, reports };
};

const at = (milliseconds: number) => ({ publishedAtMs: PUBLISHED_AT_MS + milliseconds });
const ORDER: Delivered = { topic: 'orders_data', data: orderBytes() };
const NEWER: Delivered = { topic: 'orders_data', data: orderBytes({ item: '"Book"' }), ...at(1) };
const PAYMENT: Delivered = { topic: 'payments_data', data: paymentBytes() };
const OTHER: Delivered = { topic: 'payments_data', data: paymentBytes({ payment_id: '2002' }) };
const INVALID: Delivered = { topic: 'payments_data', data: Buffer.from('{}') };
const forwarded = (message: Delivered): Delivered => ({
  ...message,
  topic: message.topic === 'orders_data' ? 'dlq_orders_data' : 'dlq_payments_data',
  attributes: { [FORWARDED_ATTRIBUTE.subscription]: `${message.topic}-sub` },
});
const payments = (count: number): Delivered[] =>
  Array.from({ length: count }, (_, index) => ({ ...PAYMENT, ...at(index) }));

describe('the statements of a message, one after the other', () => {
  it.each([
    ['an order', 'W R', [], [ORDER]],
    ['an order that is sent again', 'W R', [], [ORDER, { ...ORDER, ...at(1) }]],
    ['a newer version', 'W R', [], [ORDER, NEWER]],
    ['an order whose payment waits', 'W R W', [], [PAYMENT, ORDER]],
    ['an order whose two payments wait', 'W R W', [], [PAYMENT, OTHER, ORDER]],
    ['an early payment, with its report', 'W R', ['W'], [PAYMENT]],
    ['a payment of an order that is here', 'W R W', [], [ORDER, PAYMENT]],
    ['the same payment again', 'W R W', [], [ORDER, PAYMENT, PAYMENT]],
    ['a double payment, with its report', 'W R W', ['W W'], [ORDER, PAYMENT, OTHER]],
    ['an early double payment, with its two reports in one', 'W R', ['WW W'], [PAYMENT, OTHER]],
    ['an invalid message, with its report', '', ['W'], [INVALID]],
    ['an order that Pub/Sub forwarded', 'W R', [], [forwarded(ORDER)]],
    ['a payment that Pub/Sub forwarded', 'W R W', [], [ORDER, forwarded(PAYMENT)]],
    ['an early payment that Pub/Sub forwarded', 'W R W', [], [forwarded(PAYMENT)]],
    ['a double payment that Pub/Sub forwarded', 'W R W W W', [], [ORDER, PAYMENT, forwarded(OTHER)]],
    ['an early double payment that Pub/Sub forwarded', 'W R WW W', [], [PAYMENT, forwarded(OTHER)]],
    ['an invalid message that Pub/Sub forwarded', 'W', [], [forwarded(INVALID)]],
  ] as const)('are, for %s, %j', async (_what, last, reports, deliveries) => {
    expect(await statementsOf(...deliveries)).toEqual({ last, reports });
    // What onDlq tells comes last. It has a time of its own.
    expect(last.split(' ').length).toBeLessThanOrEqual(STATEMENTS_IN_A_ROW_MAX + STATEMENTS_TO_TELL_MAX);
    for (const told of reports) expect(told.split(' ').length).toBeLessThanOrEqual(STATEMENTS_TO_TELL_MAX);
  });

  it('are one more for a ledger of more than fifty entries', async () => {
    const { last } = await statementsOf(...payments(50), ORDER);

    expect(last).toBe('W R R W');
    expect(last.split(' ')).toHaveLength(STATEMENTS_IN_A_ROW_MAX);
  });

  it('are no more for an order that is sent again for ever', async () => {
    const versions = Array.from({ length: 60 }, (_, index) => ({ ...ORDER, ...at(index) }));

    expect((await statementsOf(PAYMENT, ...versions)).last).toBe('W R W');
  });
});

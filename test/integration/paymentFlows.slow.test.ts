import { describe, expect, it } from 'vitest';
import type { InputTopic } from '../../shared/topology.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import type { Pipeline } from '../support/functions/pipeline.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

interface Message {
  readonly topic: InputTopic;
  /** Milliseconds after the first message of the flow. */
  readonly afterMs: number;
  readonly body: (orderId: number) => object;
}

const AT_MS = Date.UTC(2026, 10, 24, 3);

const order = (changes: object = {}, afterMs = 0): Message => ({
  topic: 'orders_data',
  afterMs,
  body: (orderId) => orderBody(orderId, { ...changes }),
});
/** A payment with the id of the order plus 1,000, or a second one with the order's id plus 5,000. */
const payment = (afterMs: number, changes: object = {}): Message => ({
  topic: 'payments_data',
  afterMs,
  body: (orderId) => paymentBody(orderId, { ...changes }),
});
const secondPayment = (afterMs: number, changes: object = {}): Message => ({
  ...payment(afterMs),
  body: (orderId) => paymentBody(orderId, { payment_id: orderId + 5000, ...changes }),
});

interface Flow {
  readonly name: string;
  readonly messages: readonly Message[];
  /** What people must be told, in every order of arrival. */
  readonly tells: readonly string[];
  /** What the row must show. */
  readonly shows: (orderId: number) => object;
}

const CARD = { payment_method: 'Credit Card', card_last_four: '4242' };

const FLOWS: readonly Flow[] = [
  {
    name: 'authorised, then captured under the same id',
    messages: [
      order(),
      payment(1, { payment_status: 'AUTHORISED' }),
      payment(2, { payment_status: 'captured' }),
    ],
    tells: [],
    shows: () => ({ payment: { paymentStatus: 'captured' } }),
  },
  {
    name: 'declined, then paid under another id',
    messages: [order(), payment(1, { payment_status: 'Declined' }), secondPayment(2)],
    tells: [],
    shows: (orderId) => ({ payment: { paymentId: BigInt(orderId + 5000), paymentStatus: 'Completed' } }),
  },
  {
    name: 'paid, then a second attempt that was declined',
    messages: [order(), payment(1), secondPayment(2, { payment_status: 'Declined' })],
    tells: [],
    shows: (orderId) => ({ payment: { paymentId: BigInt(orderId + 1000), paymentStatus: 'Completed' } }),
  },
  {
    name: 'a gift card, and a card for the rest',
    messages: [
      order(),
      payment(1, { payment_method: 'Gift Card', card_last_four: null }),
      secondPayment(2, CARD),
    ],
    tells: [],
    shows: (orderId) => ({ payment: { paymentId: BigInt(orderId + 5000), cardLastFour: '4242' } }),
  },
  {
    name: 'a refund under the same id',
    messages: [order(), payment(1), payment(2, { payment_status: 'Refunded' })],
    tells: [],
    shows: () => ({ payment: { paymentStatus: 'Refunded' } }),
  },
  {
    name: 'a refund under an id of its own',
    messages: [order(), payment(1), secondPayment(2, { payment_status: 'Refunded' })],
    tells: [],
    shows: (orderId) => ({ payment: { paymentId: BigInt(orderId + 1000), paymentStatus: 'Completed' } }),
  },
  {
    name: 'PayPal without a card, after a declined card',
    messages: [
      order(),
      payment(1, { ...CARD, payment_status: 'Declined' }),
      secondPayment(2, { card_last_four: undefined }),
    ],
    tells: [],
    shows: () => ({ payment: { paymentMethod: 'PayPal', cardLastFour: undefined } }),
  },
  {
    name: 'a guest, after a version with a customer',
    messages: [order(), order({ customer_id: undefined, item: 'Book' }, 1), payment(2)],
    tells: [],
    shows: () => ({ order: { customerId: undefined, item: 'Book' } }),
  },
  {
    name: 'a webhook and the API result of one capture',
    messages: [
      order(),
      payment(1, { ...CARD, card_last_four: null, payment_datetime: '2026-11-24T03:00:00+00:00' }),
      payment(2, { ...CARD, payment_datetime: '1795489200' }),
    ],
    tells: [],
    shows: () => ({ payment: { paymentStatus: 'Completed', cardLastFour: '4242' } }),
  },
  {
    name: 'two paid ids',
    messages: [order(), payment(1), secondPayment(2)],
    tells: ['conflict'],
    shows: (orderId) => ({ payment: { paymentId: BigInt(orderId + 5000) } }),
  },
  {
    name: 'two paid ids of one time',
    messages: [order(), payment(1), secondPayment(1)],
    tells: ['conflict'],
    shows: () => ({ payment: { paymentStatus: 'Completed' } }),
  },
  {
    name: 'two cards under one id at one status',
    messages: [order(), payment(1, CARD), payment(2, { ...CARD, card_last_four: '4243' })],
    tells: ['changed'],
    shows: () => ({ payment: { cardLastFour: '4243' } }),
  },
  {
    name: 'two versions of one time',
    messages: [order({ order_status: 'Pending' }), order({ order_status: 'Cancelled' }), payment(1)],
    tells: ['rivals'],
    shows: () => ({ payment: { paymentStatus: 'Completed' } }),
  },
];

/** Each message comes on its own topic, or the last one is forwarded by Pub/Sub after too many attempts. */
const ROUTES = ['direct', 'forwarded'] as const;

describe.skipIf(!hasCassandra)('in every order of arrival', () => {
  const { start, source, nextOrderId, recordOf } = setUpIntegration();

  it.for(FLOWS.filter(({ tells }) => tells.length === 0))('nobody is told of $name', (flow) =>
    checkFlow(flow),
  );

  it.for(FLOWS.filter(({ tells }) => tells.length > 0))('people are told of $name', (flow) =>
    checkFlow(flow),
  );

  const checkFlow = async ({ messages, tells, shows }: Flow): Promise<void> => {
    const pipeline = await start();
    const orders = permutations(messages).flatMap((sequence) =>
      ROUTES.map((route) => ({ sequence, route, orderId: nextOrderId() })),
    );

    for (const { sequence, route, orderId } of orders) {
      for (const [index, message] of sequence.entries()) {
        const isForwarded = route === 'forwarded' && index === sequence.length - 1;
        await (isForwarded ? forward : deliver)(pipeline, message, orderId);
      }
    }
    await pipeline.untilSettled(0);

    const findings = (await Array.fromAsync(source().scanDeadLetters())).filter(
      ({ reason }) => reason !== 'unmatched',
    );
    for (const { orderId } of orders) {
      const told = findings.filter((row) => row.orderId === BigInt(orderId)).map(({ reason }) => reason);
      expect(told).toEqual(tells);
      expect((await recordOf(orderId)).fact).toMatchObject(shows(orderId));
    }
  };
});

const deliver = (pipeline: Pipeline, message: Message, orderId: number): Promise<void> =>
  push(message.topic === 'orders_data' ? pipeline.urls.onOrder : pipeline.urls.onPayment, {
    subscription: `projects/tally-test/subscriptions/${message.topic}-sub`,
    message: { ...envelopeOf(message, orderId), publishTime: publishTimeOf(message) },
  });

const forward = (pipeline: Pipeline, message: Message, orderId: number): Promise<void> =>
  push(pipeline.urls.onDlq, {
    subscription: `projects/tally-test/subscriptions/dlq_${message.topic}-sub`,
    message: {
      ...envelopeOf(message, orderId),
      publishTime: new Date(AT_MS + 3_600_000).toISOString(),
      attributes: {
        CloudPubSubDeadLetterSourceSubscription: `${message.topic}-sub`,
        CloudPubSubDeadLetterSourceTopicPublishTime: publishTimeOf(message),
      },
    },
  });

const publishTimeOf = ({ afterMs }: Message): string => new Date(AT_MS + afterMs).toISOString();

const envelopeOf = ({ body }: Message, orderId: number) => {
  const json = JSON.stringify(body(orderId));
  return { messageId: `${orderId}-${json.length}`, data: Buffer.from(json).toString('base64') };
};

const push = async (url: string, body: object): Promise<void> => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status).toBe(204);
};

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((first, index) =>
        permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
      );

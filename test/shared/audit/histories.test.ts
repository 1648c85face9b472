import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditReport, audit } from '../../../shared/audit/audit.ts';
import { HANDLED_AT_MS, runHistory, type SentMessage } from '../../support/functions/history.ts';
import { orderBody, paymentBody } from '../../support/messages/bodies.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

const SEED = 20_261_124;

interface OrderSent {
  readonly kind: 'order';
  readonly orderId: number;
  readonly item: string;
}
interface PaymentSent {
  readonly kind: 'payment';
  readonly orderId: number;
  readonly paymentId: number;
  readonly method: string;
}
interface MalformedSent {
  readonly kind: 'malformed';
  readonly topic: SentMessage['topic'];
  readonly text: string;
}

interface Sent {
  readonly content: OrderSent | PaymentSent | MalformedSent;
  /** Other bytes for the same content. */
  readonly isSpaced: boolean;
  readonly publishedAtMs: number;
  readonly deliveries: number;
}

const orderSent = fc.record({
  kind: fc.constant('order' as const),
  orderId: fc.integer({ min: 1, max: 4 }),
  item: fc.constantFrom('Laptop', 'Book'),
});
const paymentSent = fc.record({
  kind: fc.constant('payment' as const),
  orderId: fc.integer({ min: 1, max: 4 }),
  paymentId: fc.integer({ min: 1001, max: 1003 }),
  method: fc.constantFrom('PayPal', 'Apple Pay'),
});
const malformedSent = fc.record({
  kind: fc.constant('malformed' as const),
  topic: fc.constantFrom('orders_data' as const, 'payments_data' as const),
  text: fc.constantFrom('', 'not json', '{"order_id":1}', '[]'),
});
const sent: fc.Arbitrary<Sent> = fc.record({
  content: fc.oneof(
    { weight: 3, arbitrary: orderSent },
    { weight: 6, arbitrary: paymentSent },
    { weight: 1, arbitrary: malformedSent },
  ),
  isSpaced: fc.boolean(),
  // So few times that versions of an order often share one.
  publishedAtMs: fc.integer({ min: 0, max: 20 }).map((second) => PUBLISHED_AT_MS + second * 1_000),
  deliveries: fc.integer({ min: 1, max: 3 }),
});

const toMessage = ({ content, isSpaced, ...when }: Sent): SentMessage => {
  switch (content.kind) {
    case 'order': {
      const body = orderBody(content.orderId, { item: content.item });
      return { ...when, topic: 'orders_data', body: JSON.stringify(body, undefined, isSpaced ? 1 : 0) };
    }
    case 'payment': {
      const { paymentId: payment_id, method: payment_method } = content;
      const body = paymentBody(content.orderId, { payment_id, payment_method });
      return { ...when, topic: 'payments_data', body: JSON.stringify(body, undefined, isSpaced ? 1 : 0) };
    }
    case 'malformed':
      return { ...when, topic: content.topic, body: content.text };
    default:
      throw new Error('unhandled content');
  }
};

/** What happened on the way, and so what no set of messages can tell: what was told before it changed. */
type OnTheWay = 'deadLetters' | 'expectation' | 'ids';

/** What no history of these messages has. */
const NEVER_HERE = {
  reused: 0,
  reusedOrderIds: [],
  refundedApart: 0,
  clocksRefused: 0,
  cut: 0,
  cutOrderIds: [],
  unknownStatusWords: [],
  violationCount: 0,
  violations: [],
  suspectedCount: 0,
  suspected: [],
};

/** What the audit must report, from the messages alone: no rows, no write times, no order of delivery. */
const oracle = (messages: readonly Sent[]): Omit<AuditReport, OnTheWay> & { readonly invalid: number } => {
  // Equal bytes on one topic at one time are one event: Pub/Sub gives them different ids, but so it does to
  // copies.
  const events = distinctBy(messages, (message) => {
    const { topic, body, publishedAtMs } = toMessage(message);
    return `${topic} ${publishedAtMs} ${body}`;
  });
  const versions = Map.groupBy(contentsOf(events, 'order'), ({ content }) => content.orderId);
  const payments = [...Map.groupBy(contentsOf(events, 'payment'), keyOf).values()].map((ofPayment) => ({
    orderId: BigInt(ofPayment[0]?.content.orderId ?? -1),
    paymentId: BigInt(ofPayment[0]?.content.paymentId ?? -1),
    isHere: versions.has(ofPayment[0]?.content.orderId ?? -1),
    ageSeconds: Math.round(
      (HANDLED_AT_MS - Math.min(...ofPayment.map(({ publishedAtMs }) => publishedAtMs))) / 1000,
    ),
    contents: new Set(ofPayment.map(({ content }) => content.method)).size,
    events: ofPayment.length,
  }));
  const waiting = payments.filter(({ isHere }) => !isHere);
  const paid = new Set(payments.filter(({ isHere }) => isHere).map(({ orderId }) => orderId)).size;
  // Every payment here succeeded, so two ids are a double payment, and two methods contradict each other.
  const conflicts = [...Map.groupBy(payments, ({ orderId }) => orderId)]
    .filter(([, ofOrder]) => ofOrder.length > 1)
    .map(([orderId]) => orderId);
  const changed = payments.filter(({ contents }) => contents > 1);
  const rivals = [...versions]
    .filter(([, ofOrder]) => hasRivals(ofOrder))
    .map(([orderId]) => BigInt(orderId));
  return {
    orders: versions.size,
    statuses: { succeeded: paid, refunded: 0, pending: 0, unknown: 0, failed: 0 },
    paid,
    unpaid: versions.size - paid,
    payments: payments.length,
    matched: payments.length - waiting.length,
    parked: waiting.length,
    discarded: 0,
    parkedPayments: waiting
      .map(({ orderId, paymentId, ageSeconds }) => ({ orderId, paymentId, ageSeconds }))
      .toSorted(
        (a, b) =>
          b.ageSeconds - a.ageSeconds || Number(a.orderId - b.orderId) || Number(a.paymentId - b.paymentId),
      ),
    oldestParkedSeconds:
      waiting.length === 0 ? undefined : Math.max(...waiting.map(({ ageSeconds }) => ageSeconds)),
    findings: { conflict: conflicts.length, changed: changed.length, rivals: rivals.length, too_many: 0 },
    findingOrderIds: {
      conflict: sortedIds(conflicts),
      changed: sortedIds(changed.map(({ orderId }) => orderId)),
      rivals: sortedIds(rivals),
      too_many: [],
    },
    repeats: payments.reduce((sum, payment) => sum + payment.events - payment.contents, 0),
    ...NEVER_HERE,
    openDeadLetters:
      waiting.reduce((sum, payment) => sum + payment.events, 0) +
      conflicts.length +
      changed.length +
      rivals.length +
      contentsOf(events, 'malformed').length,
    invalid: contentsOf(events, 'malformed').length,
  };
};

/** Of the versions with the latest publish time, two say different things. */
const hasRivals = (versions: readonly (Sent & { readonly content: OrderSent })[]): boolean => {
  const newest = Math.max(...versions.map(({ publishedAtMs }) => publishedAtMs));
  const together = versions.filter(({ publishedAtMs }) => publishedAtMs === newest);
  return new Set(together.map(({ content }) => content.item)).size > 1;
};

const sortedIds = (ids: readonly bigint[]): bigint[] => [...new Set(ids)].toSorted((a, b) => Number(a - b));

const keyOf = ({ content }: { readonly content: PaymentSent }): string =>
  `${content.orderId}/${content.paymentId}`;

const distinctBy = <T>(items: readonly T[], keyOfItem: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOfItem(item), item])).values(),
];

type ContentOf<Kind> = Extract<Sent['content'], { kind: Kind }>;

const contentsOf = <Kind extends Sent['content']['kind']>(messages: readonly Sent[], kind: Kind) =>
  messages.filter((message): message is Sent & { content: ContentOf<Kind> } => message.content.kind === kind);

const endsAsTheMessagesSay = async (messages: readonly Sent[], scheduler: fc.Scheduler): Promise<void> => {
  const store = await runHistory(messages.map(toMessage), scheduler);

  const {
    deadLetters,
    expectation,
    ids: _,
    ...report
  } = await audit(store, {
    patienceMs: 0,
    clock: () => HANDLED_AT_MS,
  });

  expect(expectation).toBeUndefined();
  expect({ ...report, invalid: deadLetters.invalid }).toEqual(oracle(messages));
  const told = Object.values(deadLetters).reduce((sum, count) => sum + count, 0);
  expect(told).toBeGreaterThanOrEqual(report.openDeadLetters);
};

describe('a random history of messages', () => {
  it('ends without a violation and in the counts that the messages alone imply, whatever came first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 12 }), fc.scheduler(), endsAsTheMessagesSay),
      { numRuns: 300, seed: SEED },
    );
  });

  it('of an order and its payments that race, each delivered once, so that no second delivery heals', async () => {
    const once = { isSpaced: false, deliveries: 1 };
    const theOrder: Sent = {
      ...once,
      content: { kind: 'order', orderId: 1, item: 'Laptop' },
      publishedAtMs: PUBLISHED_AT_MS + 5_000,
    };
    const itsPayments = fc.array(
      fc.integer({ min: PUBLISHED_AT_MS, max: PUBLISHED_AT_MS + 10_000 }).map((publishedAtMs): Sent => ({
        ...once,
        content: { kind: 'payment', orderId: 1, paymentId: 1001, method: 'PayPal' },
        publishedAtMs,
      })),
      { minLength: 1, maxLength: 2 },
    );

    await fc.assert(
      fc.asyncProperty(itsPayments, fc.scheduler(), (payments, scheduler) =>
        endsAsTheMessagesSay([theOrder, ...payments], scheduler),
      ),
      { numRuns: 1_000, seed: SEED },
    );
  });
});

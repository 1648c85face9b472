import type { Random } from '../../functions/simulate/random.ts';
import type { InputTopic } from '../../shared/topology.ts';

/** Messages that their producer publishes in one request, so they get one publish time. */
export interface Request {
  readonly topic: InputTopic;
  readonly bodies: readonly string[];
}

interface Teller {
  readonly orderId: bigint;
  readonly random: Random;
  /** The producer's clock, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** What happens to one order: the requests, in the order in which they are published. */
type Story = (teller: Teller) => readonly Request[];

type Fields = Readonly<Record<string, unknown>>;

/** JSON with every digit of a 64-bit id. */
const toJson = (fields: Fields): string =>
  `{${Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}":${typeof value === 'bigint' ? value : JSON.stringify(value)}`)
    .join(',')}}`;

const ITEMS = ['Laptop', 'Phone', 'Desk', 'Lamp', 'Chair', 'Tea'] as const;
const STATUSES = ['Pending', 'Shipped', 'Delivered', 'Cancelled'] as const;

const order = ({ orderId, random }: Teller, fields: Fields = {}): string =>
  toJson({
    order_id: orderId,
    customer_id: random.integer(1, 1_000),
    item: random.pick(ITEMS),
    quantity: random.pick<unknown>([random.integer(1, 9), String(random.integer(1, 9))]),
    price: random.pick<unknown>([random.integer(1, 99), '403.50']),
    shipping_address: `${random.integer(1, 99)} High Street, Springfield`,
    order_status: random.pick(STATUSES),
    creation_date: '2026-01-01',
    ...fields,
  });

/** @param attempt each attempt to pay has an id of its own. */
const payment = ({ orderId, random }: Teller, attempt: bigint, fields: Fields = {}): string =>
  toJson({
    payment_id: orderId * 10n + attempt,
    order_id: orderId,
    payment_method: 'Credit Card',
    card_last_four: String(random.integer(1_000, 1_003)),
    payment_status: random.pick(['Completed', 'succeeded', 'CAPTURED']),
    payment_datetime: '2026-01-01T12:00:00Z',
    ...fields,
  });

const orders = (...bodies: readonly string[]): Request => ({ topic: 'orders_data', bodies });
const payments = (...bodies: readonly string[]): Request => ({ topic: 'payments_data', bodies });

const shuffled = <T>(items: readonly T[], random: Random): readonly T[] => {
  const left = [...items];
  return items.flatMap(() => left.splice(random.integer(0, left.length - 1), 1));
};

/** Three versions, a second apart, by a clock that is right or ahead. */
const versions = (teller: Teller, aheadMs: number): readonly string[] =>
  [2, 1, 0].map((seconds) => {
    const atMs = teller.nowMs + aheadMs - seconds * 1_000;
    return order(teller, {
      item: `${seconds} before the last`,
      occurred_at: teller.random.pick<unknown>([atMs, new Date(atMs).toISOString()]),
    });
  });

const FOUR_MINUTES_MS = 240_000;
const ONE_HOUR_MS = 3_600_000;

/** Each story has its name in the findings of a test. Most of them are quiet; the loud ones come last. */
export const STORIES: Readonly<Record<string, Story>> = {
  'versions of one request, with times': (teller) => [
    orders(...shuffled(versions(teller, teller.random.pick([0, 100, FOUR_MINUTES_MS])), teller.random)),
    payments(payment(teller, 1n)),
  ],
  'versions of several requests, with times': (teller) => [
    payments(payment(teller, 1n)),
    ...shuffled(versions(teller, 0), teller.random).map((body) => orders(body)),
  ],
  'versions of several requests, without times': (teller) => [
    orders(order(teller, { order_status: 'Pending' })),
    orders(order(teller, { order_status: 'Cancelled' })),
  ],
  'a clock that is an hour ahead': (teller) => [
    orders(order(teller, { occurred_at: teller.nowMs + ONE_HOUR_MS })),
    orders(order(teller)),
    payments(payment(teller, 1n, { occurred_at: teller.nowMs + ONE_HOUR_MS })),
  ],
  'authorized, then captured': (teller) => [
    orders(order(teller)),
    ...(teller.random.chance(0.5)
      ? [payments(payment(teller, 1n, AUTHORIZED), payment(teller, 1n, CAPTURED))]
      : [payments(payment(teller, 1n, AUTHORIZED)), payments(payment(teller, 1n, CAPTURED))]),
  ],
  'declined, then paid under another id': (teller) => [
    payments(payment(teller, 1n, { payment_status: 'Declined' })),
    orders(order(teller)),
    payments(payment(teller, 2n)),
  ],
  'paid, then declined under another id': (teller) => [
    orders(order(teller)),
    payments(payment(teller, 1n)),
    payments(payment(teller, 2n, { payment_status: 'DECLINED' })),
  ],
  'a gift card and a card': (teller) => [
    payments(payment(teller, 1n, { payment_method: 'Gift_Card', card_last_four: undefined })),
    orders(order(teller)),
    payments(payment(teller, 2n)),
  ],
  'a refund under the same id': (teller) => [
    orders(order(teller)),
    payments(payment(teller, 1n, CAPTURED)),
    payments(payment(teller, 1n, { ...CAPTURED, payment_status: 'refunded' })),
  ],
  'a refund under its own id': (teller) => [
    orders(order(teller)),
    payments(payment(teller, 1n)),
    payments(payment(teller, 2n, { payment_status: 'Refunded' })),
  ],
  'a guest after a customer': (teller) => [
    orders(order(teller)),
    orders(order(teller, { customer_id: undefined })),
    payments(payment(teller, 1n, { payment_method: 'PayPal', card_last_four: null })),
  ],
  'a wallet after a card that was declined': (teller) => [
    orders(order(teller, { customer_id: '' })),
    payments(payment(teller, 1n, { payment_status: 'failed' })),
    payments(payment(teller, 2n, { payment_method: 'PayPal', card_last_four: '' })),
  ],
  'one capture, told twice': (teller) => [
    orders(order(teller)),
    payments(payment(teller, 1n, CAPTURED)),
    payments(payment(teller, 1n, { ...CAPTURED, payment_datetime: '01.01.2026 12:00' })),
  ],
  'two captures': (teller) => [
    ...shuffled(
      [orders(order(teller)), payments(payment(teller, 1n)), payments(payment(teller, 2n))],
      teller.random,
    ),
  ],
  'three captures in one request': (teller) => [
    payments(payment(teller, 1n), payment(teller, 2n), payment(teller, 3n)),
    orders(order(teller)),
  ],
  'three captures, one of them voided': (teller) => [
    orders(order(teller)),
    ...shuffled(
      [
        payments(payment(teller, 1n)),
        payments(payment(teller, 2n)),
        payments(payment(teller, 3n)),
        payments(payment(teller, 3n, { payment_status: 'Voided', occurred_at: teller.nowMs + 60_000 })),
      ],
      teller.random,
    ),
  ],
  'two words that nobody knows': (teller) => [
    payments(payment(teller, 1n, { payment_status: 'under review' })),
    orders(order(teller)),
    payments(payment(teller, 2n, { payment_status: 'frozen' })),
  ],
  'two captures, and the order never comes': (teller) => [
    payments(payment(teller, 1n)),
    payments(payment(teller, 2n)),
  ],
  'two cards under one id': (teller) => [
    ...shuffled(
      [
        orders(order(teller)),
        payments(payment(teller, 1n, CAPTURED)),
        payments(payment(teller, 1n, { ...CAPTURED, card_last_four: '2222' })),
      ],
      teller.random,
    ),
  ],
  'two versions of one request, without times': (teller) => [
    orders(order(teller, { order_status: 'Pending' }), order(teller, { order_status: 'Cancelled' })),
    payments(payment(teller, 1n)),
  ],
};

const CAPTURED = { payment_status: 'Captured', card_last_four: '1111' };
const AUTHORIZED = { payment_status: 'authorized', card_last_four: '1111' };

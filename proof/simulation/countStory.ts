import {
  changedIds,
  happenedAtMs,
  hasRivals,
  isCovered,
  lastWords,
  type OrderStory,
  paidIds,
  paymentsToShow,
  type Story,
} from './oracle.ts';
import type { Meaning } from './statusWords.ts';

/** What a person counts in the messages of a run. */
export const countStory = ({ orders, messages }: Story) => {
  const all = [...orders.values()];
  const here = all.filter(({ versions }) => versions.length > 0);
  const waiting = all.filter(({ versions }) => versions.length === 0);
  const payments = sumOf(all, paymentsOf);
  const parked = sumOf(waiting, paymentsOf);
  const showing = (means: Meaning): number => numberOf(here, (order) => meaningOf(order) === means);
  return {
    counts: {
      orders: here.length,
      paid: showing('succeeded'),
      unpaid: numberOf(here, (order) => order.payments.length === 0),
      payments,
      matched: payments - parked,
      parked,
      discarded: 0,
      cut: 0,
      repeats: sumOf(all, repeatsOf),
      reused: numberOf(all, isReused),
      refundedApart: numberOf(all, isRefundedApart),
      clocksRefused: sumOf(all, clocksRefusedIn),
    },
    statuses: {
      succeeded: showing('succeeded'),
      refunded: showing('refunded'),
      pending: showing('pending'),
      unknown: showing('unknown'),
      failed: showing('failed'),
    },
    /** Where two last words of one moment differ, nobody can say whether two payments pay alone. */
    conflicts: {
      fewest: numberOf(all, (order) => paidIds(order).surely.size > 1),
      most: numberOf(all, (order) => paidIds(order).maybe.size > 1),
    },
    changed: sumOf(all, (order) => changedIds(order).size),
    rivals: numberOf(all, hasRivals),
    waiting: sumOf(waiting, (order) => order.payments.length),
    invalid: numberOf(messages, ({ said }) => said.kind === 'invalid'),
  };
};

const numberOf = <Item>(items: readonly Item[], isCounted: (item: Item) => boolean): number =>
  items.filter(isCounted).length;

const sumOf = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0);

const paymentsOf = (order: OrderStory): number => lastWords(order).length;

const meaningOf = (order: OrderStory): Meaning | undefined => paymentsToShow(order)[0]?.said.means;

/** Payments that say again what was said of their id. An erasure has taken the card away. */
const repeatsOf = (order: OrderStory): number => {
  const contents = order.payments.map((payment) => {
    const { paymentId, columns } = payment.said;
    const card = isCovered(payment, order) ? undefined : columns['card_last_four'];
    const { payment_method: method, payment_status: status, payment_datetime: datetime } = columns;
    return [paymentId, method, card, status, datetime].join('\u{1f}');
  });
  return contents.length - new Set(contents).size;
};

const isReused = (order: OrderStory): boolean => {
  const kept = order.versions.filter((version) => !isCovered(version, order));
  return new Set(kept.flatMap(({ said }) => said.columns['customer_id'] ?? [])).size > 1;
};

/** A payment id was refunded that nobody had said to be paid, and another is paid. */
const isRefundedApart = (order: OrderStory): boolean => {
  const last = lastWords(order).flatMap(([word]) => word ?? []);
  const wasPaid = (id: bigint): boolean =>
    order.payments.some(({ said }) => said.paymentId === id && said.means === 'succeeded');
  return (
    last.some(({ said }) => said.means === 'refunded' && !wasPaid(said.paymentId)) &&
    last.some(({ said }) => said.means === 'succeeded')
  );
};

const clocksRefusedIn = ({ versions, payments }: OrderStory): number =>
  numberOf([...versions, ...payments], isClockRefused);

const isClockRefused = (message: Parameters<typeof happenedAtMs>[0]): boolean =>
  message.said.occurredAtMs !== undefined && happenedAtMs(message) !== message.said.occurredAtMs;

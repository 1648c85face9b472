export const SCENARIOS = ['A', 'B', 'C', 'D'] as const;
type Scenario = (typeof SCENARIOS)[number];

/** The reference's orders repeat these ids, from 1, with new content for ever. */
export const ORDER_IDS = 80;
/** Its payments are for the orders 1 to 500, once each. */
export const PAYMENTS = 500;
const ORDER_EVERY_SECONDS = 2;
const PAYMENT_EVERY_SECONDS = 1;

/** How long one pass over the 80 orders takes the reference's script, its last pause included. */
const ORDERS_ONCE_SECONDS = ORDER_IDS * ORDER_EVERY_SECONDS;
/** So many orders fit beside 500 payments. */
const ORDERS_BESIDE_PAYMENTS = 250;

/** Messages that one of the reference's scripts sends at even distances. */
interface Burst {
  readonly startSeconds: number;
  readonly everySeconds: number;
  readonly count: number;
}

interface Timetable {
  readonly orders: readonly Burst[];
  readonly payments: Burst;
}

const paymentsFrom = (startSeconds: number): Burst => ({
  startSeconds,
  everySeconds: PAYMENT_EVERY_SECONDS,
  count: PAYMENTS,
});
const ordersFrom = (startSeconds: number, count: number): Burst => ({
  startSeconds,
  everySeconds: ORDER_EVERY_SECONDS,
  count,
});

const TOGETHER: Timetable = { orders: [ordersFrom(0, ORDERS_BESIDE_PAYMENTS)], payments: paymentsFrom(0) };

/** When the reference sends what, in its own seconds. */
export const TIMETABLES: Readonly<Record<Scenario, Timetable>> = {
  /** All scripts start together. */
  A: TOGETHER,
  /** Every order once, then the payments. */
  B: { orders: [ordersFrom(0, ORDER_IDS)], payments: paymentsFrom(ORDERS_ONCE_SECONDS) },
  /** As B, and the orders keep coming, from 1 again. */
  C: {
    orders: [ordersFrom(0, ORDER_IDS), ordersFrom(ORDERS_ONCE_SECONDS, ORDERS_BESIDE_PAYMENTS)],
    payments: paymentsFrom(ORDERS_ONCE_SECONDS),
  },
  /** The messages of A; what differs is that the consumers start later, which is the caller's part. */
  D: TOGETHER,
};

/** When a scenario's last message is due, in the reference's own seconds. */
export const referenceScenarioSeconds = (scenario: Scenario): number => {
  const { orders, payments } = TIMETABLES[scenario];
  return Math.max(...[...orders, payments].map(lastSecondOf));
};

const lastSecondOf = ({ startSeconds, everySeconds, count }: Burst): number =>
  startSeconds + (count - 1) * everySeconds;

/** Which message of a burst is due at this second; undefined when none is. */
export const indexAt = ({ startSeconds, everySeconds, count }: Burst, second: number): number | undefined => {
  const index = (second - startSeconds) / everySeconds;
  return Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
};

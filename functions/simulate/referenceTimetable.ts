export const SCENARIOS = ['A', 'B', 'C', 'D'] as const;
type Scenario = (typeof SCENARIOS)[number];

/** The reference sends orders with the ids 1 to 80, again and again, each time with new content. */
export const ORDER_IDS = 80;
/** The reference sends one payment for each of the orders 1 to 500. */
export const PAYMENTS = 500;
const ORDER_EVERY_SECONDS = 2;
const PAYMENT_EVERY_SECONDS = 1;

/** The reference's script needs this long to send 80 orders, with the pause after the last one. */
const ORDERS_ONCE_SECONDS = ORDER_IDS * ORDER_EVERY_SECONDS;
/** The reference sends this many orders while it sends 500 payments. */
const ORDERS_BESIDE_PAYMENTS = 250;

/** Messages that one of the reference's scripts sends at equal intervals. */
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

/** When the reference sends which messages. Times are the reference's seconds, before any time scale. */
export const TIMETABLES: Readonly<Record<Scenario, Timetable>> = {
  /** Both scripts start together. */
  A: TOGETHER,
  /** The script sends every order once. Then the payments begin. */
  B: { orders: [ordersFrom(0, ORDER_IDS)], payments: paymentsFrom(ORDERS_ONCE_SECONDS) },
  /** As B, but the orders go on beside the payments, from 1 again. */
  C: {
    orders: [ordersFrom(0, ORDER_IDS), ordersFrom(ORDERS_ONCE_SECONDS, ORDERS_BESIDE_PAYMENTS)],
    payments: paymentsFrom(ORDERS_ONCE_SECONDS),
  },
  /** The messages of A. The difference is that the consumers start later, and the caller sees to that. */
  D: TOGETHER,
};

/** Returns when the last message of a scenario is due, in the reference's seconds. A: 499. */
export const referenceScenarioSeconds = (scenario: Scenario): number => {
  const { orders, payments } = TIMETABLES[scenario];
  return Math.max(...[...orders, payments].map(lastSecondOf));
};

const lastSecondOf = ({ startSeconds, everySeconds, count }: Burst): number =>
  startSeconds + (count - 1) * everySeconds;

/** Returns which message of a burst is due at this second, counted from 0. Undefined when none is due. */
export const indexAt = ({ startSeconds, everySeconds, count }: Burst, second: number): number | undefined => {
  const index = (second - startSeconds) / everySeconds;
  return Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
};

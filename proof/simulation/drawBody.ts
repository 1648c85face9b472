import type { Random } from '../../functions/simulate/random.ts';
import { type Body, drawText, invalidOf, orderOf, paymentOf } from './body.ts';
import { EPOCH_MS } from './epochMs.ts';
import { METHODS, STATUS_WORDS } from './statusWords.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ID_MAX = 2n ** 63n - 1n;

/**
 * Draws a body about one of so many orders. The first order is never sent, so a payment for it waits for
 * ever.
 * @param atMs when it is published, in milliseconds since the run began.
 */
export const drawBody = (orders: number, atMs: number, random: Random): Body => {
  const nth = random.integer(1, orders);
  const orderId = drawOrderId(nth);
  const variant = random.chance(0.4) ? random.integer(1, 3) : 0;
  const text = random.chance(0.25) ? drawText(random) : 'a';
  const isGuest = random.chance(0.3);
  const occurredAtMs = drawOccurred(atMs, random);
  const nthPayment = BigInt(random.pick([0, 0, 0, 1, 1, 2]));
  const paymentId = nth === 8 ? ID_MAX - nthPayment : orderId * 10n + nthPayment;
  const { text: method, paysPart } = random.pick(METHODS);
  const { text: status, means } = random.pick(STATUS_WORDS);
  const cardOnIt = random.pick(['0001', '0001', '0001', '0002']);
  const card = random.chance(0.3) ? undefined : cardOnIt;
  const kind = random.next();
  if (kind < 0.08) return invalidOf(random.chance(0.5) ? 'orders_data' : 'payments_data', random);
  if (kind < 0.45 && nth > 1) return orderOf({ orderId, variant, text, isGuest, occurredAtMs });
  const said = { orderId, paymentId, method, paysPart, card, status, means, occurredAtMs };
  return paymentOf({ ...said, spelling: variant, datetime: text });
};

/** The eighth order has the largest id that is allowed. */
const drawOrderId = (nth: number): bigint => (nth === 8 ? ID_MAX : BigInt(nth));

/** Around the limit of 5 minutes, from the publish on. */
const AHEAD_MS = [1, SECOND_MS, 5 * MINUTE_MS - 1, 5 * MINUTE_MS, 5 * MINUTE_MS + 1] as const;
const FAR_AHEAD_MS = [5 * MINUTE_MS + 4 * SECOND_MS, 60 * MINUTE_MS] as const;

/** The producer's own time: unset, one of a few moments that versions share, or one far from the publish. */
const drawOccurred = (atMs: number, random: Random): number | undefined => {
  const shared = EPOCH_MS + random.pick([-DAY_MS, -1, 0, 5, 10, 15, 20]);
  const ahead = EPOCH_MS + atMs + random.pick(AHEAD_MS);
  const farAhead = EPOCH_MS + atMs + random.pick(FAR_AHEAD_MS);
  const kind = random.next();
  if (kind < 0.4) return undefined;
  if (kind < 0.8) return shared;
  return kind < 0.88 ? ahead : farAhead;
};

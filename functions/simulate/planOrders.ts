import { ORDERS_MAX } from './limits.ts';
import { createRandom, type Random, SEED_MAX } from './random.ts';
import type { ShopRequest } from './parseRequest.ts';

/** How many orders later, at most, something follows that follows: an order its early payment, a copy its original. */
export const FOLLOW_STEPS_MAX = 20;
/** The latest that a message of an order can come: an early payment, its order, a later payment, that payment's copy. */
export const STEPS_MAX = 3 * FOLLOW_STEPS_MAX;

/** Runs with different seeds have different orders: each has a million ids of its own, from 1,000,000 on. */
const IDS_PER_SEED = 1_000_000;
/** A second payment's id is beyond every first one's, and within the run's own million. */
const SECOND_PAYMENT_OFFSET = 500_000;

if (ORDERS_MAX >= SECOND_PAYMENT_OFFSET || SECOND_PAYMENT_OFFSET + ORDERS_MAX >= IDS_PER_SEED) {
  throw new Error('a run must not have more orders than its ids allow');
}
if (!Number.isSafeInteger((SEED_MAX + 2) * IDS_PER_SEED)) {
  throw new Error('ids must stay numbers that JSON.stringify writes to the last digit');
}

/** When a message is published: a step for each order of the run, counted from its own order's step. */
export interface Publication {
  readonly step: number;
  /** Undefined: it is published once. */
  readonly copyStep: number | undefined;
}

/** All that is decided about one order before any of it has content. */
export interface OrderPlan {
  readonly orderId: number;
  /** Undefined: the order never comes. */
  readonly order: Publication | undefined;
  readonly payments: readonly (Publication & { readonly paymentId: number })[];
  /** Whether a malformed message is published beside it. */
  readonly hasMalformed: boolean;
}

/** What a run does, order by order: drawn from its seed alone, and cheap enough to be drawn again. */
export function* planOrders(request: ShopRequest): Generator<OrderPlan> {
  const random = createRandom(request.seed, 'plan');
  for (let index = 1; index <= request.orders; index += 1) {
    yield planOrder((request.seed + 1) * IDS_PER_SEED + index, request, random);
  }
}

const planOrder = (orderId: number, request: ShopRequest, random: Random): OrderPlan => {
  const fate = random.next();
  const comes = fate >= request.missing;
  const isPaid = !comes || fate >= request.missing + request.unpaid;
  const isPaidTwice = isPaid && random.chance(request.doublePaid);
  const paymentIds = [
    ...(isPaid ? [orderId] : []),
    ...(isPaidTwice ? [orderId + SECOND_PAYMENT_OFFSET] : []),
  ];

  const payments = paymentIds.map((paymentId) => ({
    paymentId,
    isEarly: comes && random.chance(request.early),
  }));
  const orderStep = payments.some(({ isEarly }) => isEarly) ? followingStep(0, random) : 0;
  const publish = (step: number): Publication => ({
    step,
    copyStep: random.chance(request.duplicates) ? followingStep(step, random) : undefined,
  });
  return {
    orderId,
    order: comes ? publish(orderStep) : undefined,
    payments: payments.map(({ paymentId, isEarly }) => ({
      paymentId,
      ...publish(isEarly || !comes ? 0 : followingStep(orderStep, random)),
    })),
    hasMalformed: random.chance(request.malformed),
  };
};

const followingStep = (step: number, random: Random): number => step + random.integer(1, FOLLOW_STEPS_MAX);

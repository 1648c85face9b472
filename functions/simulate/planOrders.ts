import { ORDERS_MAX } from './limits.ts';
import { createRandom, type Random, SEED_MAX } from './random.ts';
import type { ShopRequest } from './parseRequest.ts';

/** A message follows another one after 1 to this many steps: a payment its order, a copy its original. */
export const FOLLOW_STEPS_MAX = 20;
/** The longest chain of one order has four messages: early payment, order, later payment, copy of that. */
export const STEPS_MAX = 3 * FOLLOW_STEPS_MAX;

/** Each seed has a separate block of a million ids, so runs with different seeds never share an order. */
const IDS_PER_SEED = 1_000_000;
/** The id of a second payment is above all ids of first payments, and still in the block of the run. */
const SECOND_PAYMENT_OFFSET = 500_000;

if (ORDERS_MAX >= SECOND_PAYMENT_OFFSET || SECOND_PAYMENT_OFFSET + ORDERS_MAX >= IDS_PER_SEED) {
  throw new Error('a run must not have more orders than its ids allow');
}
if (!Number.isSafeInteger((SEED_MAX + 2) * IDS_PER_SEED)) {
  throw new Error('ids must stay numbers that JSON.stringify writes to the last digit');
}

/**
 * When a message is published, in steps. The n-th order of a run begins at step n, which counts as 0 here.
 */
export interface Publication {
  readonly step: number;
  /** Undefined when the message is published only once. */
  readonly copyStep: number | undefined;
}

/** What happens to one order. Its messages have no content yet. */
export interface OrderPlan {
  readonly orderId: number;
  /** Undefined when the order never comes. */
  readonly order: Publication | undefined;
  readonly payments: readonly (Publication & { readonly paymentId: number })[];
  /** Whether a malformed message is published beside the order. */
  readonly hasMalformed: boolean;
}

/** Plans a run, order by order. The plan depends only on the request. It is cheap, so it is drawn again. */
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

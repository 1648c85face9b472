import { drawFlow, type Flow, FOLLOW_STEPS_MAX } from './drawFlow.ts';
import { ORDERS_MAX } from './limits.ts';
import { type StoryName, storyOf, type Word } from './storyOf.ts';
import { createRandom, type Random, SEED_MAX } from './random.ts';
import type { ShopRequest } from './requestFields.ts';

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

/** One message about a payment. */
interface PaymentPlan extends Publication {
  readonly paymentId: number;
  readonly word: Word;
}

/** What happens to one order. Its messages have no content yet. */
export interface OrderPlan {
  readonly orderId: number;
  /** Undefined when the order never comes. */
  readonly order: Publication | undefined;
  readonly flow: Flow;
  /** Undefined when nobody pays for the order. */
  readonly story: StoryName | undefined;
  readonly payments: readonly PaymentPlan[];
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

/** How many messages a run publishes, of all kinds. Of the largest run it takes a tenth of a second. */
export const countMessages = (request: ShopRequest): number => {
  let count = 0;
  for (const { order, flow, payments, hasMalformed } of planOrders(request)) {
    const publications = [...(order === undefined ? [] : [order]), ...payments];
    count += publications.length + publications.filter(({ copyStep }) => copyStep !== undefined).length;
    if (order !== undefined) count += flow.versions - 1;
    if (hasMalformed) count += 1;
  }
  return count;
};

/** The id of an order's first payment is that of the order. */
export const paymentIdOf = (orderId: number, of: Word['of']): number =>
  of === 'first' ? orderId : orderId + SECOND_PAYMENT_OFFSET;

const planOrder = (orderId: number, request: ShopRequest, random: Random): OrderPlan => {
  const fate = random.next();
  const comes = fate >= request.missing;
  const isPaid = !comes || fate >= request.missing + request.unpaid;
  const isPaidTwice = isPaid && random.chance(request.doublePaid);
  const flow = drawFlow(orderId, request);
  const story = isPaidTwice ? 'doublePaid' : isPaid ? flow.story : undefined;

  const early: boolean[] = [];
  for (let left = isPaidTwice ? 2 : isPaid ? 1 : 0; left > 0; left -= 1) {
    early.push(comes && random.chance(request.early));
  }
  const orderStep = early.includes(true) ? followingStep(0, random) : 0;
  const publish = (step: number): Publication => ({
    step,
    copyStep: random.chance(request.duplicates) ? followingStep(step, random) : undefined,
  });
  const order = comes ? publish(orderStep) : undefined;
  const publications = early.map((isEarly) =>
    publish(isEarly || !comes ? 0 : followingStep(orderStep, random)),
  );
  return {
    orderId,
    // A copy would be newer than the versions that share a request, and decide between them.
    order: order && (flow.versions === 1 ? order : { ...order, copyStep: undefined }),
    flow,
    story,
    payments: planWords(orderId, story, publications, flow),
    hasMalformed: random.chance(request.malformed),
  };
};

/**
 * The second message of a story follows the first, unless the order is paid twice: these two are independent.
 * A story is not copied, because a copy of its first message would be its newest.
 */
const planWords = (
  orderId: number,
  story: StoryName | undefined,
  [first, second]: readonly Publication[],
  { followingSteps }: Flow,
): readonly PaymentPlan[] => {
  if (story === undefined || first === undefined) return [];
  const [word, nextWord] = storyOf(story).words;
  const plan = (step: number, copyStep: number | undefined, said: Word): PaymentPlan => ({
    step,
    copyStep,
    word: said,
    paymentId: paymentIdOf(orderId, said.of),
  });
  if (nextWord === undefined) return [plan(first.step, first.copyStep, word)];
  if (second !== undefined) {
    return [plan(first.step, first.copyStep, word), plan(second.step, second.copyStep, nextWord)];
  }
  return [plan(first.step, undefined, word), plan(first.step + followingSteps, undefined, nextWord)];
};

const followingStep = (step: number, random: Random): number => step + random.integer(1, FOLLOW_STEPS_MAX);

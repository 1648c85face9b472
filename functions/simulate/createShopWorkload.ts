import { createHash } from 'node:crypto';
import { createMalformed } from './createMalformed.ts';
import { createRandom } from './random.ts';
import type { ShopRequest } from './parseRequest.ts';
import { createShopContent, type ShopContent } from './shopContent.ts';
import { type OrderPlan, type Publication, planOrders, STEPS_MAX } from './planOrders.ts';
import {
  type Expected,
  type Message,
  type PaidOrder,
  type Slot,
  toBytes,
  type Workload,
} from './workload.ts';

/** Creates realistic orders and payments, with the faults that the request asks for. */
export const createShopWorkload = (request: ShopRequest): Workload => ({
  slots: () => generateSlots(request),
  expected: expectedOf(request),
});

function* generateSlots(request: ShopRequest): Generator<Slot> {
  let count = 0;
  for (const message of generateMessages(request)) {
    yield { ...message, atMs: request.ratePerSecond === 0 ? 0 : (count * 1000) / request.ratePerSecond };
    count += 1;
  }
}

/**
 * Messages wait for their step in a ring of lists. The ring is as long as the longest wait, so a long run
 * needs no more memory than a short one.
 */
function* generateMessages(request: ShopRequest): Generator<Message> {
  const content = createShopContent(createRandom(request.seed, 'content'));
  const ring = Array.from({ length: STEPS_MAX + 1 }, (): Message[] => []);
  const at = (step: number): Message[] => ring[step % ring.length] ?? [];
  let step = 0;
  let malformed = 0;

  for (const plan of planOrders(request)) {
    for (const { message, step: delay, copyStep } of draw(plan, content)) {
      at(step + delay).push(message);
      if (copyStep !== undefined) at(step + copyStep).push(message);
    }
    if (plan.hasMalformed) {
      at(step).push(createMalformed({ seed: request.seed, index: malformed, orderId: plan.orderId }));
      malformed += 1;
    }
    yield* at(step).splice(0);
    step += 1;
  }
  for (const end = step + STEPS_MAX; step < end; step += 1) yield* at(step).splice(0);
}

/** Returns the messages of an order and when each is published. */
const draw = (
  { orderId, order, payments }: OrderPlan,
  { drawOrder, drawPayment }: ShopContent,
): (Publication & { readonly message: Message })[] => [
  ...(order === undefined
    ? []
    : [{ ...order, message: toMessage('order', 'orders_data', drawOrder(orderId)) }]),
  ...payments.map((payment) => ({
    ...payment,
    message: toMessage('payment', 'payments_data', drawPayment(orderId, payment.paymentId)),
  })),
];

const toMessage = (kind: Message['kind'], topic: Message['topic'], content: object): Message => ({
  kind,
  topic,
  data: toBytes(content),
});

const expectedOf = (request: ShopRequest): Expected => ({
  matched: () => paidOrders(request, ({ order }) => order !== undefined),
  parked: () => paidOrders(request, ({ order }) => order === undefined),
  unpaid: () => orderIds(request, ({ payments }) => payments.length === 0),
  conflicts: () => orderIds(request, ({ payments }) => payments.length > 1),
  invalid: () => malformedHashes(request),
});

function* paidOrders(request: ShopRequest, has: (plan: OrderPlan) => boolean): Generator<PaidOrder> {
  for (const plan of planOrders(request)) {
    if (!has(plan)) continue;
    for (const { paymentId } of plan.payments) yield { order_id: plan.orderId, payment_id: paymentId };
  }
}

function* orderIds(request: ShopRequest, has: (plan: OrderPlan) => boolean): Generator<number> {
  for (const plan of planOrders(request)) if (has(plan)) yield plan.orderId;
}

function* malformedHashes(request: ShopRequest): Generator<string> {
  let index = 0;
  for (const { orderId, hasMalformed } of planOrders(request)) {
    if (!hasMalformed) continue;
    const { data } = createMalformed({ seed: request.seed, index, orderId });
    yield createHash('sha256').update(data).digest('hex');
    index += 1;
  }
}

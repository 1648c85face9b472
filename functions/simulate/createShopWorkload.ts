import { createHash } from 'node:crypto';
import { createMalformed } from './createMalformed.ts';
import { expectFlow } from './expectFlow.ts';
import { createFlowMessages } from './flowMessages.ts';
import { createRandom } from './random.ts';
import type { ShopRequest } from './requestFields.ts';
import { createShopContent, type ShopContent } from './shopContent.ts';
import { type OrderPlan, paymentIdOf, type Publication, planOrders, STEPS_MAX } from './planOrders.ts';
import { saysSequel } from './storyOf.ts';
import type { Expected, Fields, PaidOrder, Sending, Slot, Workload } from './workload.ts';

/**
 * Creates realistic orders and payments, with the faults that the request asks for.
 * @param startedAtMs when the run starts, in milliseconds since the epoch, for `occurred_at`.
 */
export const createShopWorkload = (request: ShopRequest, startedAtMs: number): Workload => ({
  slots: () => generateSlots(request, startedAtMs),
  expected: expectedOf(request),
});

/**
 * Messages wait for their step in a ring of lists. The ring is as long as the longest wait, so a long run
 * needs no more memory than a short one.
 */
function* generateSlots(request: ShopRequest, startedAtMs: number): Generator<Slot> {
  const content = createShopContent(createRandom(request.seed, 'content'));
  const ring = Array.from({ length: STEPS_MAX + 1 }, (): Sending[] => []);
  const at = (step: number): Sending[] => ring[step % ring.length] ?? [];
  let step = 0;
  let malformed = 0;
  let messages = 0;

  const dueMs = (): number => (request.ratePerSecond === 0 ? 0 : (messages * 1000) / request.ratePerSecond);
  const due = function* (): Generator<Slot> {
    for (const sending of at(step).splice(0)) {
      yield { ...sending, atMs: dueMs() };
      messages += sending.messages.length;
    }
    step += 1;
  };

  for (const plan of planOrders(request)) {
    const occurredAtMs = request.occurredAt
      ? startedAtMs + request.clockAheadMs + Math.floor(dueMs())
      : undefined;
    for (const { sending, step: delay, copyStep } of draw(plan, content, occurredAtMs)) {
      at(step + delay).push(sending);
      if (copyStep !== undefined) at(step + copyStep).push(sending);
    }
    if (plan.hasMalformed) {
      const message = createMalformed({ seed: request.seed, index: malformed, orderId: plan.orderId });
      at(step).push({ messages: [message], subject: undefined });
      malformed += 1;
    }
    yield* due();
  }
  for (const end = step + STEPS_MAX; step < end;) yield* due();
}

type Planned = Publication & { readonly sending: Sending };

/** Returns the messages of an order and when each is published. */
const draw = (plan: OrderPlan, content: ShopContent, startedAtMs: number | undefined): Planned[] => {
  const { orderId, flow, order, story, payments } = plan;
  const messages = createFlowMessages(orderId, flow);
  /** A step counts as a millisecond here, so the later of two messages has the later time. */
  const occurredAt = (step: number) => (startedAtMs === undefined ? undefined : startedAtMs + step);
  const planned: Planned[] = [];
  if (order !== undefined) {
    const versions = messages.ofOrder(content.drawOrder(orderId), occurredAt(order.step));
    planned.push({ ...order, sending: { messages: versions, subject: undefined } });
  }
  const subject = story !== undefined && saysSequel(story) ? `payment ${orderId}` : undefined;
  const drawn = new Map<number, Fields>();
  for (const { paymentId, word, ...publication } of payments) {
    const fields = drawn.get(paymentId) ?? content.drawPayment(orderId, paymentId);
    drawn.set(paymentId, fields);
    const message = messages.ofPayment(fields, word, occurredAt(publication.step));
    planned.push({ ...publication, sending: { messages: [message], subject } });
  }
  return planned;
};

const expectedOf = (request: ShopRequest): Expected => {
  const flowOf = ({ orderId, flow, story }: OrderPlan) =>
    expectFlow({
      orderId,
      flow,
      story,
      paymentIdOf: (of) => paymentIdOf(orderId, of),
      hasOccurredAt: request.occurredAt,
    });
  const paidOrders = (isHere: boolean) =>
    each(request, (plan): PaidOrder[] =>
      (plan.order !== undefined) === isHere
        ? flowOf(plan)
            .paymentIds()
            .map((payment_id) => ({ order_id: plan.orderId, payment_id }))
        : [],
    );
  const orderIds = (has: (plan: OrderPlan) => boolean) =>
    each(request, (plan) => (has(plan) ? [plan.orderId] : []));
  return {
    matched: () => paidOrders(true),
    parked: () => paidOrders(false),
    unpaid: () => orderIds(({ story }) => story === undefined),
    conflicts: () => orderIds((plan) => flowOf(plan).tells === 'conflicts'),
    changed: () => orderIds((plan) => flowOf(plan).tells === 'changed'),
    rivals: () => orderIds((plan) => plan.order !== undefined && flowOf(plan).areRivals),
    shows: () => each(request, (plan) => (isPlain(plan) ? [] : [flowOf(plan).shown()])),
    invalid: () => malformedHashes(request),
  };
};

function* each<T>(request: ShopRequest, toAll: (plan: OrderPlan) => readonly T[]): Generator<T> {
  for (const plan of planOrders(request)) yield* toAll(plan);
}

/** Only the contents that were drawn for it could be told about such an order, or nothing. */
const isPlain = ({ order, flow, story }: OrderPlan): boolean =>
  order === undefined ||
  (flow.versions === 1 && !flow.isGuest && !flow.isCardless && (story ?? 'paidOnce') === 'paidOnce');

function* malformedHashes(request: ShopRequest): Generator<string> {
  let index = 0;
  for (const { orderId, hasMalformed } of planOrders(request)) {
    if (!hasMalformed) continue;
    const { data } = createMalformed({ seed: request.seed, index, orderId });
    yield createHash('sha256').update(data).digest('hex');
    index += 1;
  }
}

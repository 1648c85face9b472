import { drawFlow, type Flow } from './drawFlow.ts';
import { expectFlow } from './expectFlow.ts';
import { createFlowMessages } from './flowMessages.ts';
import { TIME_SCALE_MAX } from './limits.ts';
import { createRandom } from './random.ts';
import type { ReferenceRequest } from './requestFields.ts';
import { createReferenceContent, referencePaymentId } from './referenceContent.ts';
import { indexAt, ORDER_IDS, PAYMENTS, referenceScenarioSeconds, TIMETABLES } from './referenceTimetable.ts';
import { saysSequel, type StoryName, storyOf } from './storyOf.ts';
import type { Expected, PaidOrder, Sending, Shown, Slot, Workload } from './workload.ts';

/** The second message of a story follows the first after this many of the reference's seconds. */
const STORY_SECONDS = 5;

/**
 * Creates the traffic of the reference: the messages of its two scripts, at the same times, with what the
 * request changes in them.
 * @param startedAtMs when the run starts, in milliseconds since the epoch, for `occurred_at`.
 */
export const createReferenceWorkload = (request: ReferenceRequest, startedAtMs: number): Workload => {
  const slots = () => generateSlots(request, startedAtMs);
  return { slots, expected: expectedOf(request, slots) };
};

function* generateSlots(request: ReferenceRequest, startedAtMs: number): Generator<Slot> {
  const { scenario, timeScale, seed } = request;
  const content = createReferenceContent(createRandom(seed, 'content'));
  const { orders, payments } = TIMETABLES[scenario];
  /** A run as fast as possible counts time at the largest scale. */
  const occurredAt = (second: number): number | undefined =>
    request.occurredAt
      ? startedAtMs + request.clockAheadMs + Math.floor((second * 1000) / (timeScale || TIME_SCALE_MAX))
      : undefined;
  const sequels: Sending[][] = [];

  const lastSecond = referenceScenarioSeconds(scenario) + STORY_SECONDS;
  for (let second = 0; second <= lastSecond; second += 1) {
    const sendings: Sending[] = [];
    for (const burst of orders) {
      const index = indexAt(burst, second);
      if (index === undefined) continue;
      const orderId = (index % ORDER_IDS) + 1;
      const { ofOrder } = createFlowMessages(orderId, drawFlow(orderId, request));
      const messages = ofOrder(content.drawOrder(orderId), occurredAt(second));
      sendings.push({ messages, subject: `order ${orderId}` });
    }
    const paid = indexAt(payments, second);
    if (paid !== undefined) {
      const orderId = paid + 1;
      const flow = drawFlow(orderId, request);
      const { ofPayment } = createFlowMessages(orderId, flow);
      const story = storyNameOf(flow);
      const drawn = content.drawPayment(orderId);
      const [first, ...later] = storyOf(story).words.map((word, index): Sending => {
        const fields = { ...drawn, payment_id: referencePaymentId(orderId, word.of) };
        const message = ofPayment(fields, word, occurredAt(second + index * STORY_SECONDS));
        return { messages: [message], subject: saysSequel(story) ? `payment ${orderId}` : undefined };
      });
      if (first !== undefined) sendings.push(first);
      sequels[second + STORY_SECONDS] = later;
    }
    sendings.push(...(sequels[second] ?? []));
    const atMs = timeScale === 0 ? 0 : (second * 1000) / timeScale;
    for (const sending of sendings) yield { ...sending, atMs };
  }
}

const storyNameOf = ({ isPaidTwice, story }: Flow): StoryName => (isPaidTwice ? 'doublePaid' : story);

const expectedOf = (request: ReferenceRequest, slots: Workload['slots']): Expected => {
  const flowOf = (orderId: number) => {
    const flow = drawFlow(orderId, request);
    return expectFlow({
      orderId,
      flow,
      story: storyNameOf(flow),
      paymentIdOf: (of) => referencePaymentId(orderId, of),
      hasOccurredAt: request.occurredAt,
    });
  };
  const paidOrders = (from: number, to: number) =>
    each(from, to, (order_id): PaidOrder[] =>
      flowOf(order_id)
        .paymentIds()
        .map((payment_id) => ({ order_id, payment_id })),
    );
  const told = (list: 'conflicts' | 'changed') =>
    each(1, PAYMENTS, (orderId) => (flowOf(orderId).tells === list ? [orderId] : []));
  return {
    matched: () => paidOrders(1, ORDER_IDS),
    parked: () => paidOrders(ORDER_IDS + 1, PAYMENTS),
    unpaid: () => [],
    conflicts: () => told('conflicts'),
    changed: () => told('changed'),
    rivals: () => each(1, ORDER_IDS, (orderId) => (flowOf(orderId).areRivals ? [orderId] : [])),
    shows: () =>
      newestOrders(slots()).map((columns): Shown => {
        const { areRivals, shown } = flowOf(columns.order_id);
        return { ...(areRivals ? {} : columns), ...shown() };
      }),
    invalid: () => [],
  };
};

function* each<T>(from: number, to: number, toAll: (orderId: number) => readonly T[]): Generator<T> {
  for (let orderId = from; orderId <= to; orderId += 1) yield* toAll(orderId);
}

/** The version of each order that is sent last. It is the newest, unless others share its time. */
const newestOrders = (slots: Iterable<Slot>): readonly Shown[] => {
  const newest = new Map<number, Shown>();
  for (const { messages } of slots) {
    for (const { kind, data } of messages) {
      if (kind !== 'order') continue;
      const { occurred_at: _, ...columns }: Shown = JSON.parse(Buffer.from(data).toString());
      newest.set(columns.order_id, columns);
    }
  }
  return [...newest.values()];
};

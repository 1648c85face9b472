import type { Flow } from './drawFlow.ts';
import { storyOf, type StoryName, type Word } from './storyOf.ts';
import type { Shown } from './workload.ts';

interface FlowOfOrder {
  readonly orderId: number;
  readonly flow: Flow;
  /** Undefined when nobody pays for the order. */
  readonly story: StoryName | undefined;
  readonly paymentIdOf: (of: Word['of']) => number;
  /** The producer sends `occurred_at`. */
  readonly hasOccurredAt: boolean;
}

/** What must come of what happens to one order, apart from the contents that are drawn for it. */
interface FlowExpectation {
  /** The ids of its payments, each once. */
  readonly paymentIds: () => readonly number[];
  /** What people must be told about its payments. */
  readonly tells: 'conflicts' | 'changed' | undefined;
  /** Its newest versions cannot be told apart: they share a request, and so their time. */
  readonly areRivals: boolean;
  /** What its row must show once the order is there. */
  readonly shown: () => Shown;
}

/** Says what must come of what happens to one order, in the words of what was sent. */
export const expectFlow = (order: FlowOfOrder): FlowExpectation => {
  const { flow, story, paymentIdOf, hasOccurredAt } = order;
  const { words = [], tells } = story === undefined ? {} : storyOf(story);
  return {
    paymentIds: () => [...new Set(words.map(({ of }) => paymentIdOf(of)))],
    tells,
    areRivals: flow.versions > 1 && !hasOccurredAt,
    shown: () => ({ ...orderColumns(order), ...paymentColumns(order) }),
  };
};

const orderColumns = ({ orderId, flow, hasOccurredAt }: FlowOfOrder): Shown => ({
  order_id: orderId,
  ...(flow.isGuest ? { customer_id: null } : {}),
  ...(flow.versions > 1 && hasOccurredAt ? { quantity: flow.versions } : {}),
});

const paymentColumns = ({
  flow,
  story,
  paymentIdOf,
}: FlowOfOrder): Readonly<Record<string, number | string | null>> => {
  if (story === undefined) return {};
  const { of, payment_status } = storyOf(story).shows;
  return {
    ...(of === undefined ? {} : { payment_id: paymentIdOf(of) }),
    payment_status,
    ...(flow.isCardless ? { card_last_four: null } : {}),
  };
};

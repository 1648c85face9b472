import type { Flow } from './drawFlow.ts';
import type { Word } from './storyOf.ts';
import { type Fields, type Message, orderMessage, paymentMessage } from './workload.ts';

/** The ways in which producers say that a field has no value. A field that is undefined is missing. */
const UNSET = [undefined, null, ''] as const;
const METHODS_WITHOUT_CARD = ['PayPal', 'Google Pay', 'Apple Pay', 'Bank Transfer'] as const;

/** When it happened, in milliseconds since the epoch. Undefined when the producer does not say it. */
type OccurredAt = number | undefined;

/** Writes the messages of one order. */
interface FlowMessages {
  /**
   * The versions of the order, oldest first. They differ in the quantity, which counts from 1, and in the
   * status. The last one occurred at the given time, and each earlier one a millisecond earlier.
   */
  readonly ofOrder: (drawn: Fields, occurredAtMs: OccurredAt) => readonly [Message, ...Message[]];
  /** The message of a payment, as a story says it. */
  readonly ofPayment: (drawn: Fields, word: Word, occurredAtMs: OccurredAt) => Message;
}

/** Creates the messages of an order out of the contents that were drawn for them. */
export const createFlowMessages = (orderId: number, flow: Flow): FlowMessages => {
  const unset = UNSET[orderId % UNSET.length];
  const customer = flow.isGuest ? { customer_id: unset } : {};
  const toVersion = (number: number, drawn: Fields, occurredAtMs: OccurredAt): Message =>
    orderMessage({
      ...drawn,
      ...customer,
      ...(flow.versions === 1
        ? {}
        : { quantity: number, order_status: number === flow.versions ? 'Shipped' : 'Pending' }),
      ...occurredAt(occurredAtMs, flow.versions - number),
    });
  const method = METHODS_WITHOUT_CARD[orderId % METHODS_WITHOUT_CARD.length];
  const noCard = flow.isCardless ? { payment_method: method, card_last_four: unset } : {};
  return {
    ofOrder: (drawn, occurredAtMs) => [
      toVersion(1, drawn, occurredAtMs),
      ...Array.from({ length: flow.versions - 1 }, (_, index) => toVersion(index + 2, drawn, occurredAtMs)),
    ],
    ofPayment: (drawn, { says = () => ({}) }, occurredAtMs) => {
      const payment = { ...drawn, ...noCard };
      return paymentMessage({ ...payment, ...says(payment), ...occurredAt(occurredAtMs, 0) });
    },
  };
};

const occurredAt = (newestMs: OccurredAt, earlierMs: number): Fields =>
  newestMs === undefined ? {} : { occurred_at: new Date(newestMs - earlierMs).toISOString() };

import type { Fields } from './workload.ts';

/** One message about a payment of an order. */
export interface Word {
  /** An order has at most two payment ids. */
  readonly of: 'first' | 'second';
  /** What this message says in place of the payment's first contents. Nothing when left out. */
  readonly says?: (payment: Fields) => Fields;
}

interface PaymentStory {
  /** The messages, in the order in which they are sent. */
  readonly words: readonly [Word] | readonly [Word, Word];
  /** What people must be told about it, if anything. */
  readonly tells?: 'conflicts' | 'changed';
  /** What the row must show. The payment is left out where either of the two is right. */
  readonly shows: { readonly of?: Word['of']; readonly payment_status: string };
}

const paidBy = (of: Word['of']): Word => ({ of });
const status = (of: Word['of'], payment_status: string): Word => ({ of, says: () => ({ payment_status }) });

/** Another card, or another method where there is no card. */
const contradiction = ({ card_last_four: card, payment_method: method }: Fields): Fields =>
  typeof card === 'string' && card !== ''
    ? { card_last_four: String((Number(card) + 1) % 10_000).padStart(4, '0') }
    : { payment_method: method === 'PayPal' ? 'Bank Transfer' : 'PayPal' };

/** What payment providers say about one order, by the names of the request's fields. */
const PAYMENT_STORIES = {
  paidOnce: { words: [paidBy('first')], shows: { of: 'first', payment_status: 'Completed' } },
  doublePaid: {
    words: [paidBy('first'), paidBy('second')],
    tells: 'conflicts',
    shows: { payment_status: 'Completed' },
  },
  statusMoves: {
    words: [status('first', 'Authorised'), status('first', 'Captured')],
    shows: { of: 'first', payment_status: 'Captured' },
  },
  declinedFirst: {
    words: [status('first', 'Declined'), paidBy('second')],
    shows: { of: 'second', payment_status: 'Completed' },
  },
  changed: {
    words: [paidBy('first'), { of: 'first', says: contradiction }],
    tells: 'changed',
    shows: { of: 'first', payment_status: 'Completed' },
  },
  refunds: {
    words: [paidBy('first'), status('first', 'Refunded')],
    shows: { of: 'first', payment_status: 'Refunded' },
  },
  refundsApart: {
    words: [paidBy('first'), status('second', 'Refunded')],
    shows: { of: 'first', payment_status: 'Completed' },
  },
  giftCards: {
    words: [
      { of: 'first', says: () => ({ payment_method: 'Gift Card', card_last_four: undefined }) },
      paidBy('second'),
    ],
    shows: { payment_status: 'Completed' },
  },
  webhooks: {
    words: [
      {
        of: 'first',
        says: ({ payment_datetime: time }) => ({
          card_last_four: undefined,
          payment_datetime: String(time).replace('Z', '+00:00'),
        }),
      },
      paidBy('first'),
    ],
    shows: { of: 'first', payment_status: 'Completed' },
  },
} as const satisfies Readonly<Record<string, PaymentStory>>;

export type StoryName = keyof typeof PAYMENT_STORIES;

export const storyOf = (name: StoryName): PaymentStory => PAYMENT_STORIES[name];

/** Whether the second message of a story is about the payment of the first, so that it must come later. */
export const saysSequel = (name: StoryName): boolean => {
  const [first, second] = storyOf(name).words;
  return first.of === second?.of;
};

/** What a word in `payment_status` means to a person. */
export type Meaning = 'succeeded' | 'refunded' | 'pending' | 'failed' | 'unknown';

interface Word {
  readonly text: string;
  readonly means: Meaning;
}

const word = (means: Meaning, text: string): Word => ({ text, means });

/**
 * The words that the traffic writes, as producers write them, and what each of them means. The oracle knows
 * no others.
 */
export const STATUS_WORDS: readonly [Word, ...Word[]] = [
  word('succeeded', 'Completed'),
  word('succeeded', 'Completed'),
  word('succeeded', 'PAID'),
  word('succeeded', 'captured'),
  word('succeeded', 'Partially_Refunded'),
  word('pending', 'Pending'),
  word('pending', 'AUTHORISED'),
  word('pending', 'requires_action'),
  word('failed', 'Declined'),
  word('failed', 'EXPIRED'),
  word('refunded', 'Refunded'),
  word('refunded', 'CHARGEBACK'),
  word('unknown', 'On Ice'),
];

interface Method {
  readonly text: string;
  /** Another payment beside it is normal. */
  readonly paysPart: boolean;
}

export const METHODS: readonly [Method, ...Method[]] = [
  { text: 'Card', paysPart: false },
  { text: 'Card', paysPart: false },
  { text: 'Card', paysPart: false },
  { text: 'PayPal', paysPart: false },
  { text: 'Gift_Card', paysPart: true },
  { text: 'store credit', paysPart: true },
];

/**
 * Of several words of one moment about one payment, the one that comes later in a payment's life counts. A
 * higher number is later.
 */
export const LIFE: Readonly<Record<Meaning, number>> = {
  unknown: 0,
  pending: 1,
  failed: 2,
  succeeded: 3,
  refunded: 4,
};

/** What a person wants to see first, best first. */
export const BEST_FIRST: readonly Meaning[] = ['succeeded', 'refunded', 'pending', 'unknown', 'failed'];

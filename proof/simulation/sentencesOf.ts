import type { StoredRow } from './cassandra/replica.ts';
import { valueIn } from './isDeadLetterOf.ts';

/** What the sentence of a report says, whichever column of whichever row it stands in. */
export interface Sentence {
  readonly about: 'unmatched' | 'conflict' | 'changed' | 'rivals';
  readonly orderId: bigint;
  /** In the order of the sentence. */
  readonly paymentIds: readonly bigint[];
  /** How many payments or versions it says there are; undefined where it does not say. */
  readonly count: number | undefined;
}

/** What people read. No run has as many messages of an order as `too_many` is about. */
const FORMS: Readonly<Record<Sentence['about'], RegExp>> = {
  unmatched: /^payment (?<payments>\d+) waits for order (?<order>\d+)$/,
  conflict: /^order (?<order>\d+) is paid by (?<count>\d+) payments: (?<payments>\d+(?:, \d+)*)$/,
  changed:
    /^payment (?<payments>\d+) of order (?<order>\d+) was sent with contents that contradict each other$/,
  rivals: /^order (?<order>\d+) has (?<count>\d+) versions of the same time, and they differ$/,
};

/**
 * The sentences of a dead letter. That of an early payment may say more about its order, behind a semicolon.
 * @returns undefined in place of a sentence of none of these forms.
 */
export const sentencesOf = (row: StoredRow): readonly (Sentence | undefined)[] =>
  String(valueIn(row, 'error'))
    .split('; ')
    .map((text) => {
      for (const [about, form] of Object.entries(FORMS)) {
        const { order, payments, count } = form.exec(text)?.groups ?? {};
        if (order === undefined) continue;
        return {
          about: about as Sentence['about'],
          orderId: BigInt(order),
          paymentIds: payments?.split(', ').map(BigInt) ?? [],
          count: count === undefined ? undefined : Number(count),
        };
      }
      return undefined;
    });

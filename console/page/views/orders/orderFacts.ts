import type { OrderDetail, OrderState } from '../../../contract.ts';
import { format } from '../../parts/format.ts';
import type { Shape } from '../../parts/icon.ts';

export const ORDER_SHAPES: Readonly<Record<OrderState, Shape>> = {
  paid: 'ok',
  refunded: 'calm',
  pending: 'wait',
  unknown: 'attn',
  failed: 'calm',
  unpaid: 'calm',
  waiting: 'wait',
  'not here': 'calm',
};

/** So many payments are named; an order may have thousands. */
const PAYMENTS_NAMED = 5;

/** What is known of an order in a line, by name. */
export const orderFacts = (order: OrderDetail): readonly (readonly [string, string])[] => {
  const { counts, payments, shown, deadLetters, readAtMs, readTookMs, isCut } = order;
  const firstOf = order.areDeadLettersCut ? ', by the first of its dead letters' : '';
  const kinds = [
    counted(counts.orders, 'order'),
    counted(counts.payments, 'payment'),
    ...(counts.decisions === 0 ? [] : [counted(counts.decisions, 'decision')]),
  ];
  const entries = counts.orders + counts.payments + counts.decisions;
  const said = payments.slice(0, PAYMENTS_NAMED).map(({ paymentId, status }) => `${paymentId} ${status}`);
  const more = payments.length - said.length;
  const reasons = [...new Set(deadLetters.map(({ reason }) => reason))];
  return [
    ['Ledger', `${isCut ? 'more than ' : ''}${counted(entries, 'entry')}: ${kinds.join(', ')}`],
    ['Payments', payments.length === 0 ? 'none' : `${said.join(', ')}${more > 0 ? ` and ${more} more` : ''}`],
    ['Shown', shown === null ? 'no payment' : `${shown.paymentId}, ${shown.why}`],
    ['Told', `${reasons.length === 0 ? 'nothing' : reasons.join(', ')}${firstOf}`],
    ['Read', `${format.time(readAtMs)}, quorum, ${format.duration(readTookMs)}`],
  ];
};

const counted = (count: number, what: string): string =>
  `${format.count(count)} ${count === 1 ? what : what === 'entry' ? 'entries' : `${what}s`}`;

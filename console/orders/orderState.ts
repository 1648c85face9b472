import type { OrderInspection } from '../../shared/audit/inspectOrder.ts';
import type { OrderState } from '../contract.ts';

/** What an order comes to, in one word. */
export const orderState = ({ orderExists, shownStatus, payments }: OrderInspection): OrderState => {
  if (!orderExists) return payments.every(({ isDiscarded }) => isDiscarded) ? 'not here' : 'waiting';
  if (shownStatus === undefined) return 'unpaid';
  return shownStatus === 'succeeded' ? 'paid' : shownStatus;
};

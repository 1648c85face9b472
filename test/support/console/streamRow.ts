import type { StreamRow } from '../../../console/contract.ts';

/** A row of the stream: an order that was stored at its first attempt, unless it says more. */
export const streamRow = (key: string, changes: Partial<StreamRow> = {}): StreamRow => ({
  key,
  eventId: key,
  topic: 'orders_data',
  publishedAtMs: 1_705_831_200_123,
  orderId: '1',
  paymentId: null,
  outcome: 'stored',
  findings: [],
  attempts: { failed: 0, isAcked: true },
  tookMs: 12,
  againAtMs: null,
  note: '',
  ...changes,
});

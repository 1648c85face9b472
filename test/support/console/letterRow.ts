import type { LetterRow } from '../../../console/deadLetterContract.ts';

/** A row of the list of dead letters. */
export const letterRow = (place: string, changes: Partial<LetterRow> = {}): LetterRow => ({
  place,
  id: place,
  reason: 'invalid',
  topic: 'orders_data',
  orderId: null,
  paymentId: null,
  error: '',
  values: '',
  publishedAtMs: 0,
  redriveCount: 0,
  isCut: false,
  isOpen: true,
  ...changes,
});

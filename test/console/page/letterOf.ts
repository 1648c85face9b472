import type { Letter } from '../../../console/deadLetterContract.ts';
import { letterRow } from '../../support/console/letterRow.ts';

/** A letter of order 17 that was refused, and with which nobody has done anything. */
export const letterOf = (place: string, changes: Partial<Letter> = {}): Letter => ({
  row: letterRow(place, { orderId: '17' }),
  toldBy: 'abc',
  messageId: '1',
  recordedAtMs: 1,
  payload: {
    text: '{}',
    bytes: 2,
    sha256: null,
    isMasked: false,
    isShortened: false,
    isErased: false,
    uneditable: null,
  },
  actions: [],
  unsendable: null,
  redrives: { done: 0, max: 5 },
  order: null,
  resolvable: [],
  commands: { show: 'npx tally dlq show', edit: 'npx tally dlq edit' },
  ...changes,
});

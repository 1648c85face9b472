import { expect, it } from 'vitest';
import type { MessageDetail, ToldLetter } from '../../../../../console/contract.ts';
import { mayChange } from '../../../../../console/page/views/stream/mayChange.ts';
import { messageDetail } from '../../../../support/console/seenMessages.ts';

const sent = [{ topic: 'dlq_orders_data', messageId: '9', reasons: ['invalid'], publishedAtMs: 1 }];
const letter: ToldLetter = {
  id: 'a',
  place: 'a',
  reason: 'invalid',
  error: '',
  isOpen: true,
  publishedAtMs: 1,
  recordedAtMs: 2,
  toldBy: 'a',
  topic: 'orders_data',
};
const NOT_ACKED = { attempts: { failed: 1, isAcked: false, list: [] } };

it.each<[string, Partial<MessageDetail>, readonly ToldLetter[], boolean]>([
  ['is acked', {}, [], false],
  ['is not acked', NOT_ACKED, [], true],
  ['was dropped, which a seek takes back', { ...NOT_ACKED, outcome: 'dropped' }, [], true],
  ['is acked, and no function has said its outcome', { outcome: 'on its way' }, [], true],
  ['is acked, and only its failure is known', { outcome: 'retry' }, [], true],
  ['told what is not recorded yet', { outcome: 'invalid', told: sent }, [], true],
  ['told what is recorded', { outcome: 'invalid', told: sent }, [letter], false],
])('a message that %s may change: %s', (_what, changes, told, expected) => {
  const message = { ...messageDetail('a'), ...changes };

  expect(mayChange({ message, order: null, told, isErased: false, problem: null })).toBe(expected);
});

it('a message that nobody has seen does not change', () => {
  expect(mayChange({ message: null, order: null, told: [], isErased: false, problem: null })).toBe(false);
});

import { expect, it } from 'vitest';
import { newAttempt } from '../../../console/feed/feedWitness.ts';
import { addAttempt, type KeptAttempt, type KeptMessage } from '../../../console/feed/keptMessages.ts';
import { toStreamRow } from '../../../console/feed/toStreamRow.ts';

const message: KeptMessage = {
  messageId: '7',
  topic: 'orders_data',
  publishedAtMs: 1_000,
  published: undefined,
  bytes: 0,
  eventId: 'a'.repeat(32),
  bits: 0,
  orderId: null,
  paymentId: null,
  outcome: 'invalid',
  findings: [],
  error: null,
  redriveCount: 0,
  failed: 0,
  ackedAtMs: 1_500,
  attempts: [],
};

it('makes no card number of a longer one when it cuts the note', () => {
  const error = `${'item: '.padEnd(144, 'x')}41111111111111112345`;

  const { note } = toStreamRow({ ...message, error });

  expect(note).toHaveLength(160);
  expect(note).not.toContain('4111111111111111');
});

it('says of a message that was delivered again how often it was acked, and what it was first', () => {
  const acked = (outcome: string): KeptAttempt => ({
    ...newAttempt(1, 'onOrder', 1_000),
    ended: 'acked',
    outcome,
  });

  const noteOf = (...attempts: KeptAttempt[]) =>
    toStreamRow({ ...message, outcome: 'matched', attempts }).note;

  expect(noteOf(acked('stored'), acked('matched'))).toBe('acked 2 times, stored first');
  expect(noteOf(acked('matched'), acked('matched'))).toBe('acked 2 times');
  expect(noteOf(acked('matched'))).toBe('');
  const often = { ...message, outcome: 'matched' as const, attempts: [] };
  for (const outcome of ['stored', ...Array.from({ length: 199 }, () => 'matched')])
    addAttempt(often, acked(outcome));
  expect(toStreamRow(often).note).toBe('acked 200 times, stored first');
});

import { describe, expect, it } from 'vitest';
import { inspectDeadLetter, inspectParked } from '../../../shared/audit/inspectDeadLetter.ts';
import type { DeadLetterRow, OrderRecord } from '../../../shared/store/store.ts';
import {
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../../support/messages/records.ts';

const waiting = orderRecord({ ledger: [{ ...ledgerRow(1), isParked: true }] });
const joined = orderRecord({
  fact: factRow({ order: orderColumns(), payment: paymentColumns() }),
  ledger: [{ ...ledgerRow(1), isParked: true }],
});

describe('a dead letter', () => {
  it.for<[string, boolean, DeadLetterRow, OrderRecord | undefined]>([
    ['is open while its payment waits for the order', true, deadLetterRow(1), waiting],
    ['is closed once matched', false, deadLetterRow(1, { matchedAtMs: 5 }), joined],
    ['is closed once redriven', false, deadLetterRow(1, { redrivenAtMs: 5 }), joined],
    ['is closed once discarded', false, deadLetterRow(1, { discardedAtMs: 5 }), joined],
    ['of a conflict is never open', false, deadLetterRow(1, { reason: 'conflict' }), joined],
    ['that is invalid needs no order', false, deadLetterRow(1, { reason: 'invalid' }), undefined],
  ])('%s', (row) => {
    const [, isOpen, deadLetter, record] = row;

    expect(inspectDeadLetter(deadLetter, record)).toEqual({ isOpen, violations: [] });
  });

  it.for<[string, DeadLetterRow, OrderRecord | undefined]>([
    [
      'I1: payment 1001 of order 1 is dead-lettered (unmatched) but not in the ledger',
      deadLetterRow(1),
      orderRecord(),
    ],
    [
      'I1: payment 1001 of order 1 is dead-lettered (unmatched) but not in the ledger',
      deadLetterRow(2),
      waiting,
    ],
    [
      'I6: payment 1001 of order 1 is dead-lettered (conflict) but not in the ledger',
      deadLetterRow(2, { reason: 'conflict' }),
      joined,
    ],
    [
      'I5: dead letter 00000000000000000000000000000001 (unmatched) does not say which order it is about',
      deadLetterRow(1, { orderId: undefined, paymentId: undefined }),
      undefined,
    ],
    ['I3: the dead letter of payment 1001 is open though its order 1 is here', deadLetterRow(1), joined],
  ])('is a violation, %s', (row) => {
    const [sentence, deadLetter, record] = row;

    const { isOpen, violations } = inspectDeadLetter(deadLetter, record);

    expect(violations.map(({ invariant, detail }) => `${invariant}: ${detail}`)).toEqual([sentence]);
    expect(isOpen).toBe(false);
  });
});

describe('a parked payment', () => {
  it('has a dead letter that says unmatched', () => {
    const deadLetters = [deadLetterRow(1, { reason: 'conflict' }), deadLetterRow(1)];

    expect(inspectParked(ledgerRow(1), deadLetters)).toEqual([]);
  });

  it.for<[string, readonly DeadLetterRow[]]>([
    ['none', []],
    ['one with another reason', [deadLetterRow(1, { reason: 'conflict' })]],
  ])('is a violation of I1 with %s', (row) => {
    const [, deadLetters] = row;

    expect(inspectParked(ledgerRow(1), deadLetters)).toEqual([
      { invariant: 'I1', detail: 'payment 1001 of order 1 is parked without a dead letter', orderId: 1n },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { inspectDeadLetter, ledgerIdsOf } from '../../../shared/audit/inspectDeadLetter.ts';
import { findingReport } from '../../../shared/protocol/reportsOf.ts';
import { fold } from '../../../shared/domain/fold.ts';
import type { DeadLetterAction } from '../../../shared/domain/deadLetterAction.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { LEDGER_CHARACTERS_MAX, LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterAction, deadLetterRow, ledgerRow, orderRecord } from '../../support/messages/records.ts';
import { stamp } from '../../support/messages/domain.ts';

const idsOf = (...entries: readonly LedgerEntry[]) =>
  ledgerIdsOf(orderRecord({ ledger: entries.map((entry) => ledgerRow(entry)) }));

/** No ledger with this text is read whole. */
const LONG = 'x'.repeat(LEDGER_CHARACTERS_MAX + 1);
const TWICE = [paymentEntry(1), paymentEntry(2, { paymentId: 7n })] as const;
const conflictOf = (...entries: readonly LedgerEntry[]): string =>
  fold(entries)
    .findings.map((finding) => findingReport(1n, finding).id)
    .join();
const conflict = deadLetterRow(2, { reason: 'conflict', id: conflictOf(...TWICE) });

describe('a dead letter', () => {
  it('is open while its payment waits for the order', () => {
    expect(inspectDeadLetter(deadLetterRow(1), idsOf(paymentEntry(1)))).toEqual({
      isOpen: true,
      violations: [],
    });
  });

  it.for<[string, readonly LedgerEntry[]]>([
    ['its order is here', [paymentEntry(1), orderEntry(3)]],
    [
      'a decision has discarded it',
      [paymentEntry(1), decisionEntry(3, { decision: 'discarded', ref: stamp(1).eventId })],
    ],
  ])('is closed once %s', ([, entries]) => {
    expect(inspectDeadLetter(deadLetterRow(1), idsOf(...entries))).toEqual({ isOpen: false, violations: [] });
  });

  it('of a conflict is open as long as the ledger says the same', () => {
    expect(inspectDeadLetter(conflict, idsOf(...TWICE, orderEntry(3))).isOpen).toBe(true);
    const refund = paymentEntry(4, { paymentId: 7n, paymentStatus: 'Refunded' });
    expect(inspectDeadLetter(conflict, idsOf(...TWICE, refund)).isOpen).toBe(false);
    const resolved = decisionEntry(5, { decision: 'resolved', ref: conflict.id });
    expect(inspectDeadLetter(conflict, idsOf(...TWICE, resolved)).isOpen).toBe(false);
  });

  it('that is invalid needs no order, and is open', () => {
    expect(inspectDeadLetter(deadLetterRow(1, { reason: 'invalid' }), undefined)).toEqual({
      isOpen: true,
      violations: [],
    });
  });

  it('is a violation of I1 when the event that told it is not in the ledger', () => {
    const { isOpen, violations } = inspectDeadLetter(deadLetterRow(1), idsOf(paymentEntry(2)));

    expect(isOpen).toBe(false);
    expect(violations).toEqual([
      {
        promise: 'I1',
        detail: `event ${stamp(1).eventId} of order 1 is dead-lettered (unmatched) but not in the ledger`,
        orderId: 1n,
        mayBeInProgress: false,
      },
    ]);
  });

  it.for<[string, boolean, readonly LedgerEntry[]]>([
    ['nobody has decided', true, []],
    [
      'a decision names it',
      false,
      [decisionEntry(3, { decision: 'resolved', ref: `${stamp(1).eventId} 2` })],
    ],
  ])(
    'of a ledger that is too long to be read, and may have its event in the rest, is open unless decided: %s',
    ([, isOpen, decisions]) => {
      const ids = idsOf(...decisions, paymentEntry(10, { paymentDatetime: LONG }));

      for (const reason of ['unmatched', 'changed'] as const)
        expect(inspectDeadLetter(deadLetterRow(1, { reason }), ids)).toEqual({ isOpen, violations: [] });
    },
  );

  it('may have its event behind the versions that are read, and what the fold says holds all the same', () => {
    const versions = Array.from({ length: LEDGER_ENTRIES_MAX + 1 }, (_, index) =>
      orderEntry(LEDGER_ENTRIES_MAX + 10 - index),
    );
    const ids = idsOf(...versions);

    expect(ids).toMatchObject({ isCut: false, hasMore: true });
    expect(inspectDeadLetter(deadLetterRow(1, { reason: 'rivals' }), ids)).toEqual({
      isOpen: false,
      violations: [],
    });
  });

  it('of a ledger that is too long to be read is closed once its order is here', () => {
    const ids = idsOf(paymentEntry(1), orderEntry(2), orderEntry(3, { item: LONG }));

    expect(ids).toMatchObject({ isCut: true, hasOrder: true });
    expect(inspectDeadLetter(deadLetterRow(1), ids).isOpen).toBe(false);
  });

  it.for<[string, boolean, readonly LedgerEntry[], Partial<DeadLetterAction>]>([
    ['nobody has done anything', true, [], { reason: 'unmatched', kind: 'discarded' }],
    ['it was redriven', true, [], { kind: 'redriven' }],
    ['it was edited', false, [], { kind: 'edited' }],
    ['it was discarded', false, [], { kind: 'discarded' }],
    ['its event was accepted after all', false, [paymentEntry(1)], { kind: 'redriven' }],
  ])('that is invalid is open or closed when %s: %s', ([, isOpen, entries, action]) => {
    const invalid = deadLetterRow(1, { reason: 'invalid' });
    const actions = [deadLetterAction({ reason: 'invalid', ...action })];

    expect(inspectDeadLetter(invalid, idsOf(...entries), actions)).toEqual({ isOpen, violations: [] });
  });

  it('is a violation of I5 when it does not say which order it is about', () => {
    const { violations } = inspectDeadLetter(deadLetterRow(1, { orderId: undefined }), undefined);

    expect(violations.map(({ promise, detail }) => `${promise}: ${detail}`)).toEqual([
      `I5: dead letter ${stamp(1).eventId} (unmatched) does not say which order it is about`,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/domain/finding.ts';
import { USUAL_ENTRIES_MAX } from '../../../shared/domain/findingsOf.ts';
import { fold } from '../../../shared/domain/fold.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { findingIdOf } from '../../../shared/protocol/findingIdOf.ts';
import { cutReportsOf, findingReport, reportsOf } from '../../../shared/protocol/reportsOf.ts';
import { stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const reasonsOf = (entry: LedgerEntry, ...others: readonly LedgerEntry[]) =>
  reportsOf(entry, fold([entry, ...others])).map(({ reason }) => reason);

const TOO_MANY = 'order 1 has too many payment events or versions of one time, or too much text to be read';
const [one, two] = [paymentEntry(1), paymentEntry(2, { paymentId: 7n })];

describe('the reports of an entry', () => {
  it('say that a payment waits for its order', () => {
    expect(reportsOf(one, fold([one]))).toEqual([
      {
        reason: 'unmatched',
        error: 'payment 1001 waits for order 1',
        id: one.eventId,
        sinceMs: one.publishedAtMs,
      },
    ]);
  });

  it.each([
    ['an order', orderEntry(3), [], []],
    ['an order with a payment', orderEntry(3), [one], []],
    ['a payment with its order', one, [orderEntry(3)], []],
    ['a second payment', two, [one, orderEntry(3)], ['conflict']],
    ['the first payment, delivered again', one, [two, orderEntry(3)], ['conflict']],
    ['an early second payment', two, [one], ['unmatched', 'conflict']],
    ['an order with two payments, which takes no part in their conflict', orderEntry(3), [one, two], []],
    [
      'a declined payment beside two that are paid',
      paymentEntry(3, { paymentId: 8n, paymentStatus: 'failed' }),
      [one, two, orderEntry(4)],
      ['conflict'],
    ],
    ['a decision', decisionEntry(4), [one, two], []],
    [
      'a payment that nobody waits for any more',
      one,
      [decisionEntry(3, { decision: 'discarded', ref: one.eventId })],
      [],
    ],
    [
      'a payment of a resolved conflict',
      two,
      [
        one,
        decisionEntry(3, {
          decision: 'resolved',
          ref: findingIdOf(1n, { reason: 'conflict', ids: ['1001', '7'] }),
        }),
      ],
      ['unmatched'],
    ],
  ] as const)('are, for %s', (_what, entry, others, reasons) => {
    expect(reasonsOf(entry, ...others)).toEqual(reasons);
  });
});

describe('the reports of an entry whose ledger is too large to be read', () => {
  it('say so', () => {
    expect(cutReportsOf(one, { folded: fold([one]), isSayable: false })).toEqual([
      {
        reason: 'too_many',
        error: TOO_MANY,
        id: findingIdOf(1n, { reason: 'too_many', ids: [] }),
        sinceMs: one.publishedAtMs,
      },
    ]);
  });

  it('say it once when the fold finds it, too', () => {
    const payments = Array.from({ length: USUAL_ENTRIES_MAX + 1 }, (_, number) => paymentEntry(number));

    const folded = fold([orderEntry(1), ...payments]);
    const reports = cutReportsOf(one, { folded, isSayable: true });

    expect(reports.map(({ reason, error }) => [reason, error])).toEqual([['too_many', TOO_MANY]]);
  });
});

describe('the report of a finding', () => {
  const finding = (changes: Partial<Finding>): Finding => ({
    reason: 'conflict',
    ids: ['1001', '7'],
    state: '',
    eventIds: new Set(['a', 'b', 'c']),
    sinceMs: stamp(5).publishedAtMs,
    ...changes,
  });

  it('has the identity of the finding, and the time since which it stands', () => {
    expect(findingReport(1n, finding({}))).toMatchObject({
      reason: 'conflict',
      id: findingIdOf(1n, finding({})),
      sinceMs: stamp(5).publishedAtMs,
    });
  });

  it.each([
    [{}, 'order 1 is paid by 2 payments: 1001, 7'],
    [
      { reason: 'changed', ids: ['7'] },
      'payment 7 of order 1 was sent with contents that contradict each other',
    ],
    [{ reason: 'rivals', ids: ['5'] }, 'order 1 has 3 versions of the same time, and they differ'],
    [{ reason: 'too_many', ids: [] }, TOO_MANY],
  ] as const)('says in one sentence what is wrong: %o', (changes, error) => {
    expect(findingReport(1n, finding(changes)).error).toBe(error);
  });

  it('names ten ids at most', () => {
    const ids = Array.from({ length: 11 }, (_, index) => String(index));

    expect(findingReport(1n, finding({ ids: ids.slice(0, 10) })).error).toMatch(/: 0, .*, 8, 9$/);
    expect(findingReport(1n, finding({ ids })).error).toMatch(
      /^order 1 is paid by 11 payments: 0, .*, 8, 9, …$/,
    );
  });
});

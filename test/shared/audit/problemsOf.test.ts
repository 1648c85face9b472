import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../shared/audit/problemsOf.ts';
import { fold } from '../../../shared/domain/fold.ts';
import { toLedgerEntries } from '../../../shared/store/rows.ts';
import type { LedgerRow, OrderRecord } from '../../../shared/store/auditSource.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import {
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../../support/messages/records.ts';
import { stamp } from '../../support/messages/domain.ts';

const paid = factRow({ order: orderColumns(), payment: paymentColumns() });
const unpaid = factRow({ order: orderColumns() });
const ORDER = ledgerRow(orderEntry(1));
const PAYMENT = ledgerRow(paymentEntry(2));
const withoutColumns = (row: LedgerRow): LedgerRow => ({ ...row, entry: undefined });

const found = (record: OrderRecord) => problemsOf(record, fold(toLedgerEntries(record.ledger)));

describe('rows that break no promise', () => {
  it.for<[string, OrderRecord]>([
    ['an unpaid order', orderRecord({ fact: unpaid, ledger: [ORDER] })],
    ['a paid order', orderRecord({ fact: paid, ledger: [ORDER, PAYMENT], paymentWriteTime: 1_000_000_999n })],
    [
      'an order with a hundred thousand payments that were all read',
      orderRecord({ fact: paid, ledger: [ORDER, PAYMENT], paymentWriteTime: 1_000_000_000_000_999n }),
    ],
    ['a payment that waits', orderRecord({ ledger: [PAYMENT] })],
    [
      'a guest’s order and a payment without a card',
      orderRecord({
        fact: factRow({
          order: orderColumns({ customerId: undefined }),
          payment: paymentColumns({ cardLastFour: undefined }),
        }),
        ledger: [
          ledgerRow(orderEntry(1, { customerId: undefined })),
          ledgerRow(paymentEntry(2, { cardLastFour: undefined })),
        ],
      }),
    ],
    ['an order that nobody sent', orderRecord()],
  ])('%s', ([, record]) => {
    expect(found(record)).toEqual([]);
  });
});

describe('rows that break a promise, and that a message on its way may still make right', () => {
  it.for<[string, string, OrderRecord]>([
    [
      'I3: order 1 and its payment 1001 are both here but not joined',
      'an order beside a payment that it does not show',
      orderRecord({ fact: unpaid, ledger: [ORDER, PAYMENT] }),
    ],
    [
      'I3: order 1 is in the ledger but not in the row',
      'an order without its row',
      orderRecord({ ledger: [ORDER] }),
    ],
    [
      'I4: order 1 does not show its newest version',
      'a newer version that is not shown',
      orderRecord({ fact: unpaid, ledger: [ORDER, ledgerRow(orderEntry(3, { orderStatus: 'Cancelled' }))] }),
    ],
    [
      'I4: order 1 shows payment 1001 as the ledger does not say it',
      'a newer word of the payment that is not shown',
      orderRecord({
        fact: paid,
        ledger: [ORDER, PAYMENT, ledgerRow(paymentEntry(3, { paymentStatus: 'Refunded' }))],
      }),
    ],
    [
      'I4: order 1 shows payment 1001 as the ledger does not say it',
      'a payment that the ledger does not have',
      orderRecord({ fact: paid, ledger: [ORDER] }),
    ],
    [
      'I4: order 1 shows payment 1001 as the ledger does not say it',
      'a card of another payment, where the shown one has none',
      orderRecord({ fact: paid, ledger: [ORDER, ledgerRow(paymentEntry(2, { cardLastFour: undefined }))] }),
    ],
    [
      `I1: event ${stamp(2).eventId} of order 1 was erased, and a person’s data is still in the ledger`,
      'an erased payment with its card',
      orderRecord({
        fact: factRow({
          order: orderColumns({ customerId: undefined, shippingAddress: undefined }),
          payment: paymentColumns({ cardLastFour: undefined }),
        }),
        ledger: [
          ledgerRow(orderEntry(1, { customerId: undefined, shippingAddress: undefined })),
          PAYMENT,
          ledgerRow(decisionEntry(9)),
        ],
      }),
    ],
  ])('%s: %s', ([sentence, , record]) => {
    const problems = found(record);

    expect(problems.map(({ promise, detail }) => `${promise}: ${detail}`)).toEqual([sentence]);
    expect(problems.map(({ orderId, mayBeInProgress }) => [orderId, mayBeInProgress])).toEqual([[1n, true]]);
  });
});

describe('rows that no message on its way leaves behind', () => {
  it.for<[string, string, OrderRecord]>([
    ['I1: order 1 is in no event of the ledger', 'a row without an event', orderRecord({ fact: unpaid })],
    [
      'I5: order 1 has lost some of its order columns',
      'an order column that is null',
      orderRecord({
        fact: factRow({ order: orderColumns({ item: undefined }), payment: paymentColumns() }),
        ledger: [ORDER, PAYMENT],
      }),
    ],
    [
      'I5: order 1 has lost some of its payment columns',
      'a shown payment whose id is null',
      orderRecord({
        fact: factRow({ order: orderColumns(), payment: paymentColumns({ paymentId: undefined }) }),
        ledger: [ORDER, PAYMENT],
      }),
    ],
    [
      'I5: order 1 shows a payment but is not here itself',
      'a payment-only row',
      orderRecord({ fact: factRow({ payment: paymentColumns() }), ledger: [PAYMENT] }),
    ],
    [
      'I5: somebody else wrote the payment columns of order 1 at 2026-01-01T00:00:00.000Z',
      'payment cells written after 2015',
      orderRecord({
        fact: paid,
        ledger: [ORDER, PAYMENT],
        paymentWriteTime: BigInt(Date.UTC(2026)) * 1_000n,
      }),
    ],
    [
      `I1: event ${stamp(2).eventId} (payment) of order 1 has lost columns in the ledger`,
      'a row of the ledger with a column that is null',
      orderRecord({ fact: unpaid, ledger: [ORDER, withoutColumns(PAYMENT)] }),
    ],
  ])('%s: %s', ([sentence, , record]) => {
    const problems = found(record);

    expect(problems.map(({ promise, detail }) => `${promise}: ${detail}`)).toEqual([sentence]);
    expect(problems.map(({ mayBeInProgress }) => mayBeInProgress)).toEqual([false]);
  });
});

it('a ledger that is too long to be folded says only what is torn', () => {
  const stale = orderRecord({ fact: unpaid, ledger: [ORDER, PAYMENT] });

  expect(problemsOf(stale, undefined)).toEqual([]);
  expect(problemsOf({ ...stale, ledger: [withoutColumns(PAYMENT)] }, undefined)).toHaveLength(1);
});

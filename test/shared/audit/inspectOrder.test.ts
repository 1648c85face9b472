import { describe, expect, it } from 'vitest';
import { inspectOrder } from '../../../shared/audit/inspectOrder.ts';
import type { LedgerRow, OrderRecord } from '../../../shared/store/store.ts';
import {
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../../support/messages/records.ts';

const parked = (row: LedgerRow): LedgerRow => ({ ...row, isParked: true });
const withoutColumns = (row: LedgerRow): LedgerRow => ({ ...row, payment: undefined });

const paid = factRow({ order: orderColumns(), payment: paymentColumns() });
const unpaid = factRow({ order: orderColumns() });
const paymentOnly = factRow({ payment: paymentColumns() });

const invariantsOf = (record: OrderRecord): string[] =>
  inspectOrder(record).violations.map(({ invariant }) => invariant);

describe('an order’s rows that break no promise', () => {
  it.for<[string, OrderRecord]>([
    ['an unpaid order', orderRecord({ fact: unpaid })],
    ['a paid order', orderRecord({ fact: paid, ledger: [ledgerRow(1)] })],
    ['a paid order whose payment was parked', orderRecord({ fact: paid, ledger: [parked(ledgerRow(1))] })],
    ['a parked payment', orderRecord({ ledger: [parked(ledgerRow(1))] })],
    [
      'a conflict whose newest payment is shown',
      orderRecord({ fact: paid, ledger: [ledgerRow(2), ledgerRow(1, { paymentId: 7n })] }),
    ],
    [
      'a changed payment whose newest content is shown',
      orderRecord({ fact: paid, ledger: [ledgerRow(1, { paymentMethod: 'Apple Pay' }), ledgerRow(2)] }),
    ],
    ['an order that nobody sent', orderRecord()],
  ])('%s', (row) => {
    const [, record] = row;

    expect(inspectOrder(record).violations).toEqual([]);
  });

  it('are clean when two payments tie and each cell is one of theirs', () => {
    const tie = {
      ...ledgerRow(1, { paymentId: 1002n, paymentMethod: 'Apple Pay' }),
      eventId: 'f'.repeat(32),
    };
    const same = { ...ledgerRow(1), eventId: 'f'.repeat(32) };
    const mixed = factRow({
      order: orderColumns(),
      payment: paymentColumns({ paymentId: 1002n, paymentMethod: 'PayPal' }),
    });

    expect(invariantsOf(orderRecord({ fact: mixed, ledger: [same, tie] }))).toEqual([]);
  });
});

describe('an order’s rows that break a promise', () => {
  it.for<[string, string, OrderRecord]>([
    [
      'I3: order 1 and its payment 1001 are both here but not joined',
      'an order beside a payment that it does not show',
      orderRecord({ fact: unpaid, ledger: [parked(ledgerRow(1))] }),
    ],
    [
      'I3: payment 1001 was joined to order 1, which is not here',
      'a payment that nobody parked, of an order that is not here',
      orderRecord({ ledger: [ledgerRow(1)] }),
    ],
    [
      'I3: order 1 shows a payment but is not here itself',
      'a shown payment without its order',
      orderRecord({ fact: paymentOnly, ledger: [parked(ledgerRow(1))] }),
    ],
    [
      'I4: order 1 shows payment 1001, which is not its newest one',
      'a newer payment that is not shown',
      orderRecord({ fact: paid, ledger: [ledgerRow(1), ledgerRow(2, { paymentId: 1002n })] }),
    ],
    [
      'I4: order 1 shows payment 1001, which is not its newest one',
      'a newer content of the payment that is not shown',
      orderRecord({ fact: paid, ledger: [ledgerRow(1), ledgerRow(2, { paymentStatus: 'Refunded' })] }),
    ],
    [
      'I4: order 1 shows payment 1001, which is not its newest one',
      'a cell that no payment of the order has',
      orderRecord({
        fact: factRow({ order: orderColumns(), payment: paymentColumns({ cardLastFour: '9999' }) }),
        ledger: [ledgerRow(1)],
      }),
    ],
    [
      'I5: order 1 has lost some of its order columns',
      'an order column that is null',
      orderRecord({
        fact: factRow({ order: orderColumns({ item: undefined }), payment: paymentColumns() }),
        ledger: [ledgerRow(1)],
      }),
    ],
    [
      'I5: order 1 has lost some of its payment columns',
      'a shown payment with a column that is null',
      orderRecord({
        fact: factRow({ order: orderColumns(), payment: paymentColumns({ paymentMethod: undefined }) }),
        ledger: [ledgerRow(1)],
      }),
    ],
    [
      'I5: order 1 has lost some of its payment columns',
      'a shown payment whose id is null',
      orderRecord({
        fact: factRow({ order: orderColumns(), payment: paymentColumns({ paymentId: undefined }) }),
        ledger: [ledgerRow(1)],
      }),
    ],
    [
      'I5: payment 1001 of order 1 has lost columns in the ledger',
      'a row of the ledger with a column that is null',
      orderRecord({ fact: paid, ledger: [withoutColumns(ledgerRow(1))] }),
    ],
    [
      'I6: order 1 shows payment 1001, which is not in the ledger',
      'a shown payment that the ledger does not have',
      orderRecord({ fact: paid }),
    ],
    [
      'I6: order 1 shows payment 1001, which is not in the ledger',
      'a shown payment that the ledger does not have, though it has another',
      orderRecord({ fact: paid, ledger: [ledgerRow(1, { paymentId: 7n })] }),
    ],
  ])('%s: %s', (row) => {
    const [sentence, , record] = row;

    const { violations } = inspectOrder(record);

    expect(violations.map(({ invariant, detail }) => `${invariant}: ${detail}`)).toEqual([sentence]);
    expect(violations.map(({ orderId }) => orderId)).toEqual([1n]);
  });

  it('are told apart: a row can break several promises at once', () => {
    const torn = factRow({ order: orderColumns({ price: undefined }), payment: paymentColumns() });

    const invariants = invariantsOf(
      orderRecord({ fact: torn, ledger: [withoutColumns(ledgerRow(1, { paymentId: 7n }))] }),
    );

    expect(invariants).toEqual(['I5', 'I5', 'I6']);
  });
});

describe('the payments of an order', () => {
  it('are counted by payment id, whatever number of events said so', () => {
    const ledger = [
      ledgerRow(3),
      ledgerRow(1),
      ledgerRow(4, { paymentMethod: 'Apple Pay' }),
      ledgerRow(2, { paymentId: 7n }),
    ];

    const { payments } = inspectOrder(orderRecord({ ledger: ledger.map(parked) }));

    expect(payments).toEqual([
      { paymentId: 1001n, publishedAtMs: ledgerRow(1).publishedAtMs, isChanged: true, repeats: 1 },
      { paymentId: 7n, publishedAtMs: ledgerRow(2).publishedAtMs, isChanged: false, repeats: 0 },
    ]);
  });

  it('are not paid for while their order is not here', () => {
    const findings = inspectOrder(orderRecord({ fact: paymentOnly, ledger: [parked(ledgerRow(1))] }));

    expect(findings).toMatchObject({ orderExists: false, isPaid: false });
  });

  it('make an order paid when it is here and shows one', () => {
    expect(inspectOrder(orderRecord({ fact: paid, ledger: [ledgerRow(1)] }))).toMatchObject({
      orderExists: true,
      isPaid: true,
    });
    expect(inspectOrder(orderRecord({ fact: unpaid }))).toMatchObject({ orderExists: true, isPaid: false });
  });
});

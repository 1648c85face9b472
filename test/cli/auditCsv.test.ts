import { expect, it } from 'vitest';
import { auditCsv } from '../../cli/auditCsv.ts';
import { inspectOrder } from '../../shared/audit/inspectOrder.ts';
import type { AuditReport } from '../../shared/audit/audit.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import {
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../support/messages/records.ts';
import { stamp } from '../support/messages/domain.ts';

it('puts an order into one bucket, and names what is unusual in rows of their own', () => {
  const record = orderRecord({
    fact: factRow({ order: orderColumns(), payment: paymentColumns({ paymentStatus: 'Refunded' }) }),
    ledger: [
      orderEntry(1),
      orderEntry(2, { customerId: 5n }),
      paymentEntry(3, { paymentStatus: 'Refunded' }),
    ].map((entry) => ledgerRow(entry)),
  });

  expect(auditCsv.orderRows(inspectOrder(record), record)).toEqual([
    'refunded,1,1001,,Refunded',
    'reused,1,,,its versions name different customers',
  ]);
});

it.each([
  ['price: got "x", y', '"invalid ID: price: got ""x"", y"'],
  ['two\nlines', '"invalid ID: two\nlines"'],
])('quotes a text as spreadsheets read it: %j', (error, detail) => {
  const row = auditCsv.deadLetterRow(
    deadLetterRow(1, { reason: 'invalid', orderId: undefined, error }),
    false,
  );

  expect(row).toBe(
    `dead letter closed,,1001,2024-01-21T10:00:00.124Z,${detail.replace('ID', stamp(1).eventId)}`,
  );
});

it('keeps a spreadsheet from running a text as a formula', () => {
  const record = orderRecord({
    fact: factRow({ order: orderColumns(), payment: paymentColumns({ paymentStatus: '=HYPERLINK("x")' }) }),
    ledger: [ledgerRow(orderEntry(1)), ledgerRow(paymentEntry(2, { paymentStatus: '=HYPERLINK("x")' }))],
  });

  expect(auditCsv.orderRows(inspectOrder(record), record)).toEqual([`unknown,1,1001,,"'=HYPERLINK(""x"")"`]);
});

it('has a row for each violation that is listed, and one that counts the others', () => {
  const violation = {
    promise: 'I4' as const,
    detail: 'order 1, broken',
    orderId: 1n,
    mayBeInProgress: true,
  };
  const listed = { violations: [violation], suspected: [violation] };
  const report = { ...listed, violationCount: 1, suspectedCount: 501 } as unknown as AuditReport;

  expect(auditCsv.violationRows(report)).toEqual([
    'violation,1,,,"I4: order 1, broken"',
    'suspected,1,,,"I4: order 1, broken"',
    'suspected,,,,500 more are not listed',
  ]);
});

import { expect, it } from 'vitest';
import { withPace } from '../../../functions/audit/withPace.ts';
import { paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterRow, ledgerRow, orderRecord, rowsSource } from '../../support/messages/records.ts';

it('pays for every row that it reads, in a scan and alone', async () => {
  const record = orderRecord({ ledger: [ledgerRow(paymentEntry(1)), ledgerRow(paymentEntry(2))] });
  const deadLetter = deadLetterRow(1);
  const paid: number[] = [];
  const source = withPace(rowsSource([record], [deadLetter]), async (rows) => {
    paid.push(rows);
  });

  await Array.fromAsync(source.scanOrders());
  await Array.fromAsync(source.scanDeadLetters());
  await source.findOrderRecord(1n);
  await source.findLedger(1n);
  await source.findDeadLetters(deadLetter);
  await source.findPayload(deadLetter, 'unmatched');
  await source.close();

  expect(paid).toEqual([3, 1, 3, 3, 1, 1]);
});

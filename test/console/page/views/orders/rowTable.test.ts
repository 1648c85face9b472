import { expect, it } from 'vitest';
import type { OrderDetail } from '../../../../../console/contract.ts';
import { RowTable } from '../../../../../console/page/views/orders/rowTable.ts';

it.each([
  ['waiting', 'There is no row: the order has not come, and its payments wait.'],
  ['not here', 'There is no row.'],
])('without a row, an order that is "%s" says: %s', (state, said) => {
  // Its payments may have been discarded.
  const order = { row: null, state, payments: [{ paymentId: '1', status: 'succeeded' }] };

  const { children } = RowTable({ order: order as unknown as OrderDetail }).props;

  expect(children).toContain(said);
});

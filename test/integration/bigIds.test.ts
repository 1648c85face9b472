import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

const ID_MAX = 9_223_372_036_854_775_807n;

describe.skipIf(!hasCassandra)('a 64-bit id', () => {
  const { start, recordOf, client } = setUpIntegration();

  it('survives to its last digit from JSON to row and back, as a number and as a string', async () => {
    const pipeline = await start();
    await pipeline.publish('payments_data', paymentBody(ID_MAX, { payment_id: String(ID_MAX - 1n) }));
    await pipeline.publish('orders_data', orderBody(String(ID_MAX), { customer_id: ID_MAX - 2n }));
    await pipeline.untilSettled(2);

    const { fact, ledger } = await recordOf(ID_MAX);
    expect(fact).toMatchObject({ orderId: ID_MAX, order: { customerId: ID_MAX - 2n } });
    expect(fact?.payment.paymentId).toBe(ID_MAX - 1n);
    expect(ledger).toMatchObject([
      { orderId: ID_MAX, entry: { payment: { orderId: ID_MAX, paymentId: ID_MAX - 1n } } },
      { orderId: ID_MAX, entry: { order: { orderId: ID_MAX, customerId: ID_MAX - 2n } } },
    ]);
    const connection = await client().connect();
    const { rows } = await connection.execute(
      'SELECT CAST(order_id AS TEXT) AS id FROM orders_payments_facts',
    );
    expect(rows.map((row) => String(row.get('id')))).toEqual(['9223372036854775807']);
    expect(pipeline.log()).toContain('"order_id":"9223372036854775807"');
  });
});

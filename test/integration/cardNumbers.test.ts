import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

/** A test number of a card network: its Luhn check holds, and nobody owns it. */
const CARD = '4111 1111 1111 1111';
const DIGITS = CARD.replaceAll(' ', '');

const ORDER_TEXTS = ['item', 'shipping_address', 'order_status', 'creation_date'];
const PAYMENT_TEXTS = ['payment_method', 'payment_status', 'payment_datetime'];

describe.skipIf(!hasCassandra)('a card number', () => {
  const { start, client, nextOrderId, recordOf } = setUpIntegration();

  it('in any text field reaches no table and no log, and its message is processed as usual', async () => {
    const pipeline = await start();
    const orderIds = [...ORDER_TEXTS, ...PAYMENT_TEXTS].map(nextOrderId);
    for (const [index, field] of [...ORDER_TEXTS, ...PAYMENT_TEXTS].entries()) {
      const orderId = orderIds[index] ?? 0;
      const [order, payment] = ORDER_TEXTS.includes(field)
        ? [{ [field]: `card ${CARD}` }, {}]
        : [{}, { [field]: DIGITS }];
      // The early payment goes through the dead-letter topic, the late one does not.
      await pipeline.publish('payments_data', paymentBody(orderId, payment));
      await pipeline.publish('orders_data', orderBody(orderId, order));
      await pipeline.publish(
        'payments_data',
        paymentBody(orderId, { ...payment, payment_id: orderId + 5000 }),
      );
    }
    await pipeline.untilSettled(3 * orderIds.length);

    const tables = await dump();
    expect(tables).not.toContain(DIGITS);
    expect(tables).not.toContain(CARD);
    expect(tables).toContain('card **** **** **** 1111');
    expect(tables).toContain('************1111');
    expect(pipeline.log()).not.toMatch(/4111 ?1111/);
    for (const orderId of orderIds) {
      const { fact, ledger } = await recordOf(orderId);
      expect(fact?.payment.paymentId).toBeDefined();
      expect(ledger).toHaveLength(3);
    }
  });

  it('in a body that cannot be read reaches no table, no log and no error', async () => {
    const pipeline = await start();
    const bodies = [
      `{"order_id": 1, "item": "${CARD}"`,
      `${DIGITS} is not JSON`,
      JSON.stringify(orderBody(1, { price: CARD })),
      JSON.stringify(orderBody(1, { item: Number(DIGITS) })),
      JSON.stringify(orderBody(1, { order_id: CARD })),
    ];
    for (const body of bodies) await pipeline.publish('orders_data', body);
    await pipeline.untilSettled(bodies.length);

    expect(await dump()).not.toMatch(/4111 ?1111/);
    expect(pipeline.log()).not.toMatch(/4111 ?1111/);
    const ends = pipeline.outcomes().map(({ outcome, reason }) => `${outcome} ${String(reason)}`);
    expect(ends.toSorted()).toEqual([
      ...bodies.map(() => 'invalid invalid'),
      ...bodies.map(() => 'recorded invalid'),
    ]);
  });

  /** Every row of every table, as text; payloads decoded. */
  const dump = async (): Promise<string> => {
    const connection = await client().connect();
    const tables = ['orders_payments_facts', 'ledger_by_order', 'dead_letters'];
    const results = await Promise.all(tables.map((table) => connection.execute(`SELECT * FROM ${table}`)));
    return results
      .flatMap(({ rows }) => rows)
      .flatMap((row) =>
        row.values().map((value) => (Buffer.isBuffer(value) ? value.toString() : String(value))),
      )
      .join('\n');
  };
});

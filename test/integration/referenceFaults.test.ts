import { types } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { audit } from '../../shared/audit/audit.ts';
import { deadLetterKeyOf } from '../../shared/domain/deadLetter.ts';
import { fold } from '../../shared/domain/fold.ts';
import { findingReport } from '../../shared/protocol/reportsOf.ts';
import { toLedgerEntries } from '../../shared/store/rows.ts';
import type { OrderRecord } from '../../shared/store/auditSource.ts';
import type { Store } from '../../shared/store/store.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import type { Pipeline } from '../support/functions/pipeline.ts';
import { until } from '../../proof/until.ts';
import { STATEMENT_TIMEOUT_MS } from '../../shared/deadlines.ts';

/** The reference handles ten messages at a time. This is more. */
const TOGETHER = 100;

/** The eleven faults of the reference. Its design would fail each of these tests. */
describe.skipIf(!hasCassandra)('a fault of the reference', () => {
  const { start, store, source, client, nextOrderId, recordOf } = setUpIntegration();

  it('1: an order that comes again keeps its payment', async () => {
    const pipeline = await start();
    const orderId = nextOrderId();
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(2);

    await pipeline.publish('orders_data', orderBody(orderId, { item: 'Book' }));
    await pipeline.untilSettled(3);

    const { fact } = await recordOf(orderId);
    expect(fact?.order.item).toBe('Book');
    expect(fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
  });

  it('2: a payment that comes before its order is shown on it when it comes', async () => {
    const pipeline = await start();
    const orderId = nextOrderId();
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    const early = await recordOf(orderId);
    expect(early.fact).toBeUndefined();
    expect(early.ledger).toMatchObject([{ kind: 'payment' }]);

    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    const { fact, ledger } = await recordOf(orderId);
    expect(fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
    expect(ledger.map(({ kind }) => kind)).toEqual(['payment', 'order']);
    expect(await reasonsTold(early)).toEqual(['unmatched']);
  });

  it('3: a payment is not acked before its dead letter is confirmed', async () => {
    let refusals = 3;
    const pipeline = await start({
      wrapTell: (tell) => async (event, reports) => {
        refusals -= 1;
        if (refusals >= 0) throw new Error('Pub/Sub is away');
        await tell(event, reports);
      },
    });
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);

    const answers = pipeline.outcomes().filter((outcome) => outcome.function === 'onPayment');
    expect(answers.map(({ settlement }) => settlement)).toEqual(['retry', 'retry', 'retry', 'ack']);
    expect(await reasonsTold(await recordOf(orderId))).toEqual(['unmatched']);
  });

  it('4: an order that comes between a payment’s read and its dead letter finds the payment', async () => {
    const orderId = nextOrderId();
    const pipeline = await start({
      wrapTell: (tell, consumer) => async (event, reports) => {
        if (consumer === 'onDlq') return tell(event, reports);
        // The payment's read has found no order. Now the order comes.
        await pipeline.publish('orders_data', orderBody(orderId));
        await until('the order is stored', async () => (await recordOf(orderId)).fact !== undefined);
        await tell(event, reports);
      },
    });

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(2);

    expect((await recordOf(orderId)).fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
  });

  it('4, the other way round: a payment that is recorded just before the order’s write is found by onOrder', async () => {
    const orderId = nextOrderId();
    const late: Store = {
      ...store(),
      recordEntry: async (entry) => {
        if (entry.kind === 'order') {
          // A read of onOrder before this moment would be too early.
          await pipeline.publish('payments_data', paymentBody(orderId));
          await until('the payment', () => pipeline.outcomes().some(({ outcome }) => outcome === 'parked'));
        }
        await store().recordEntry(entry);
      },
    };
    const pipeline = await start({ store: late });

    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect((await recordOf(orderId)).fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
  });

  it('5: poison is dead-lettered on its first delivery, and its neighbours are acked on theirs', async () => {
    const pipeline = await start({ holdsBacklog: true });
    const good = Array.from({ length: 9 }, nextOrderId);
    const poison = [
      '{"order_id": 1, ',
      orderBody(nextOrderId(), { price: '12,5' }),
      orderBody(0, { order_id: null }),
    ];
    for (const [index, orderId] of good.entries()) {
      await pipeline.publish('orders_data', orderBody(orderId));
      if (index % 3 === 0) await pipeline.publish('orders_data', poison[index / 3]);
    }

    await pipeline.startConsumers();
    await pipeline.untilSettled(12);

    const deliveries = pipeline.outcomes().filter((outcome) => outcome.function === 'onOrder');
    expect(deliveries).toHaveLength(12);
    expect(deliveries.filter(({ outcome }) => outcome === 'stored')).toHaveLength(9);
    expect(deliveries.filter(({ outcome }) => outcome === 'invalid')).toHaveLength(3);
    const letters = await Array.fromAsync(source().scanDeadLetters());
    const errors = letters.filter(({ reason }) => reason === 'invalid').map(({ error }) => error);
    expect(errors.toSorted()).toEqual([
      'body: expected a JSON object, got 16 bytes that are not JSON: the text ends too early, at offset 16',
      'order_id: expected a whole number from 0 to 9223372036854775807, as a number or as a string of digits, got null',
      'price: expected a finite number, 0 or more, as a number or as plain decimal text, got a string of 4 characters',
    ]);
  });

  it('6: an id that contains CQL is refused, and the tables are still there', async () => {
    const pipeline = await start();
    const before = await Array.fromAsync(source().scanOrders());

    await pipeline.publish(
      'payments_data',
      paymentBody(0, { order_id: '1; DROP TABLE orders_payments_facts' }),
    );
    await pipeline.untilSettled(1);

    const answered = pipeline.outcomes().find((outcome) => outcome.function === 'onPayment');
    expect(answered?.outcome).toBe('invalid');
    expect(await Array.fromAsync(source().scanOrders())).toHaveLength(before.length);
  });

  it('7: a second, different payment is kept beside the first and reported', async () => {
    const pipeline = await start();
    const orderId = nextOrderId();
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(2);

    await pipeline.publish('payments_data', paymentBody(orderId, { payment_id: orderId + 5000 }));
    await pipeline.untilSettled(3);

    const record = await recordOf(orderId);
    const paymentIds = toLedgerEntries(record.ledger).flatMap((entry) =>
      entry.kind === 'payment' ? [entry.payment.paymentId] : [],
    );
    expect(paymentIds).toEqual([BigInt(orderId + 5000), BigInt(orderId + 1000)]);
    expect(await reasonsTold(record)).toEqual(['conflict']);
    expect((await audit(source())).findingOrderIds.conflict).toContain(BigInt(orderId));
  });

  it('8: an older message that arrives late does not overwrite a newer one', async () => {
    const pipeline = await start({ holdsBacklog: true });
    const orderId = nextOrderId();
    const older = await publishTimeOf(pipeline, orderBody(orderId, { item: 'Phone' }));
    const newer = { ...older, publishTime: new Date(Date.parse(older.publishTime) + 5_000).toISOString() };

    await push(pipeline.urls.onOrder, newer, orderBody(orderId, { item: 'Book' }));
    await push(pipeline.urls.onOrder, older, orderBody(orderId, { item: 'Phone' }));

    expect((await recordOf(orderId)).fact?.order.item).toBe('Book');
  });

  it('9: a payment without its order makes no row', async () => {
    const pipeline = await start();
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);

    expect((await recordOf(orderId)).fact).toBeUndefined();
    const connection = await client().connect();
    const rows = await connection.execute('SELECT * FROM orders_payments_facts WHERE order_id = ?', [
      BigInt(orderId),
    ]);
    expect(rows.rowLength).toBe(0);
    expect((await audit(source())).violations).toEqual([]);
  });

  it('10: every message leaves one line with its outcome, and a read asks a quorum and has a time limit', async () => {
    const pipeline = await start();
    const orderId = nextOrderId();

    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(2);

    const answered = pipeline.outcomes().filter(({ settlement }) => settlement !== 'retry');
    const ids = answered.map(({ function: name, message_id: messageId }) => `${name}/${messageId}`);
    expect(new Set(ids).size).toBe(ids.length);
    const connection = await client().connect();
    expect(Reflect.get(connection, 'options')).toMatchObject({
      queryOptions: { consistency: types.consistencies.localQuorum, isIdempotent: true },
      socketOptions: { readTimeout: STATEMENT_TIMEOUT_MS },
    });
  });

  it('11: a hundred messages are handled at once, and none waits for another', async () => {
    let inStore = 0;
    let inStoreMax = 0;
    const everyoneIsHere = Promise.withResolvers<void>();
    const meeting: Store = {
      ...store(),
      recordEntry: async (entry) => {
        inStore += 1;
        inStoreMax = Math.max(inStoreMax, inStore);
        if (inStore === TOGETHER) everyoneIsHere.resolve();
        await everyoneIsHere.promise;
        await store().recordEntry(entry);
        inStore -= 1;
      },
    };
    const pipeline = await start({ store: meeting, holdsBacklog: true });
    const orderIds = Array.from({ length: TOGETHER }, nextOrderId);

    await Promise.all(
      orderIds.map((orderId) => {
        const envelope = { messageId: String(orderId), publishTime: '2026-11-24T03:00:00.000Z' };
        return push(pipeline.urls.onOrder, envelope, orderBody(orderId));
      }),
    );

    expect(inStoreMax).toBe(TOGETHER);
    const stored = await Promise.all(orderIds.map(recordOf));
    expect(stored.every(({ fact }) => fact !== undefined)).toBe(true);
  });

  /** The reasons of the dead letters about an order: those of its events, and those of its findings. */
  const reasonsTold = async ({ orderId, ledger }: OrderRecord): Promise<string[]> => {
    const ofEvents = ledger.map(({ eventId, publishedAtMs }) => ({ id: eventId, sinceMs: publishedAtMs }));
    const { findings } = fold(toLedgerEntries(ledger));
    const ofFindings = findings.map((finding) => findingReport(orderId, finding));
    const rows = await Promise.all(
      [...ofEvents, ...ofFindings].map((report) => source().findDeadLetters(deadLetterKeyOf(report))),
    );
    return rows.flat().map(({ reason }) => reason);
  };
});

interface Envelope {
  readonly messageId: string;
  readonly publishTime: string;
}

const publishTimeOf = async (pipeline: Pipeline, body: unknown): Promise<Envelope> => ({
  messageId: await pipeline.publish('orders_data', body),
  publishTime: new Date().toISOString(),
});

const push = async (url: string, envelope: Envelope, body: unknown): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      subscription: 'projects/tally-test/subscriptions/orders_data-sub',
      message: { ...envelope, data: Buffer.from(JSON.stringify(body)).toString('base64') },
    }),
  });
  expect(response.status).toBe(204);
};

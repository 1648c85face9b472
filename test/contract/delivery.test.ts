import { describe, expect, it } from 'vitest';
import { CONSUME_KINDS, type ConsumeKind } from '../../local/consumeKinds.ts';
import { until } from '../../proof/until.ts';
import { TransientError } from '../../shared/errors.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

/** Whatever delivers the messages, the same messages end in the same tables, outcomes and dead letters. */
const describeDelivery = (consume: ConsumeKind) =>
  describe.skipIf(!hasCassandra)(`messages that come by ${consume}`, () => {
    const { start, source, nextOrderId, recordOf } = setUpIntegration();

    it('join an order and its payment, in either order', async () => {
      const pipeline = await start({ consume });
      const [late, early] = [nextOrderId(), nextOrderId()];
      await pipeline.publish('orders_data', orderBody(late));
      await pipeline.publish('payments_data', paymentBody(early));
      await pipeline.untilSettled(2);

      await pipeline.publish('payments_data', paymentBody(late));
      await pipeline.publish('orders_data', orderBody(early));
      await pipeline.untilSettled(4);

      for (const orderId of [late, early]) {
        const { fact } = await recordOf(orderId);
        expect(fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
      }
      expect(pipeline.outcomes().map((one) => [one.function, one.outcome])).toEqual(
        expect.arrayContaining([
          ['onPayment', 'parked'],
          ['onDlq', 'recorded'],
          ['onPayment', 'matched'],
          ['onOrder', 'matched'],
        ]),
      );
    });

    it('tell of an order that is paid twice', async () => {
      const pipeline = await start({ consume });
      const orderId = nextOrderId();

      await pipeline.publish('orders_data', orderBody(orderId));
      await pipeline.publish('payments_data', paymentBody(orderId));
      await pipeline.publish('payments_data', paymentBody(orderId, { payment_id: orderId + 5_000 }));
      await pipeline.untilSettled(3);

      const told = await Array.fromAsync(source().scanDeadLetters());
      expect(told.filter((one) => one.orderId === BigInt(orderId)).map(({ reason }) => reason)).toEqual([
        'conflict',
      ]);
    });

    it('are delivered once when they are poison, and so are their neighbours', async () => {
      const pipeline = await start({ consume, holdsBacklog: true });
      const bodies = Array.from({ length: 30 }, (_, index) =>
        index % 3 === 0 ? `{"order_id": ${index}, ` : orderBody(nextOrderId()),
      );
      await Promise.all(bodies.map((body) => pipeline.publish('orders_data', body)));

      await pipeline.startConsumers();
      await pipeline.untilSettled(30);

      const attempts = pipeline.outcomes().filter((one) => one.function === 'onOrder');
      expect(attempts).toHaveLength(30);
      expect(attempts.every((one) => one.delivery_attempt === 1)).toBe(true);
      expect(attempts.filter(({ settlement }) => settlement === 'reject')).toHaveLength(10);
    });

    it('come again when the world failed, with one more attempt', async () => {
      let failures = 2;
      const pipeline = await start({
        consume,
        wrapTell: (tell) => async (event, reports) => {
          failures -= 1;
          if (failures >= 0) throw new TransientError('Pub/Sub is away');
          await tell(event, reports);
        },
      });
      const orderId = nextOrderId();

      await pipeline.publish('payments_data', paymentBody(orderId));
      await pipeline.untilSettled(1);

      const attempts = pipeline.outcomes().filter((one) => one.function === 'onPayment');
      expect(attempts.map((one) => [one.settlement, one.delivery_attempt])).toEqual([
        ['retry', 1],
        ['retry', 2],
        ['ack', 3],
      ]);
    });

    it('carry the same event when the subscription changes to the other way', async () => {
      const other = consume === 'push' ? 'pull' : 'push';
      let isAway = true;
      let deliveries = 0;
      const switching = Promise.withResolvers<void>();
      const pipeline = await start({
        consume,
        wrapTell: (tell) => async (event, reports) => {
          deliveries += 1;
          // A stream that closes while it delivers would leave the message leased until its ack deadline.
          if (deliveries === 2) await switching.promise;
          if (isAway) throw new TransientError('Pub/Sub is away');
          await tell(event, reports);
        },
      });
      await pipeline.publish('payments_data', paymentBody(nextOrderId()));
      await until('a second delivery', () => deliveries === 2);

      const switched = pipeline.switchTo(other);
      switching.resolve();
      await switched;
      isAway = false;
      await pipeline.untilSettled(1);

      const events = new Set(pipeline.outcomes().map(({ event_id }) => event_id));
      expect(events.size).toBe(1);
    });
  });

for (const consume of CONSUME_KINDS) describeDelivery(consume);

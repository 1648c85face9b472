import { describe, expect, it } from 'vitest';
import { audit } from '../../shared/audit/audit.ts';
import type { Store } from '../../shared/store/store.ts';
import type { ConsumerFunction } from '../../shared/topology.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import type { Pipeline } from '../support/functions/pipeline.ts';

/** A dead process answers nothing: its connections are reset, and its work never goes on. */
const createDeath = (name: ConsumerFunction) => {
  let deaths = 0;
  let pipeline: Pipeline | undefined;
  return {
    deaths: () => deaths,
    of: (started: Pipeline) => {
      pipeline = started;
    },
    /** The process dies here the first time. Later processes go on. */
    once: async (): Promise<void> => {
      if (deaths > 0) return;
      deaths += 1;
      pipeline?.dropConnections(name);
      await new Promise(() => {});
    },
  };
};

describe.skipIf(!hasCassandra)('a process that dies', () => {
  const { start, store, source, nextOrderId, recordOf } = setUpIntegration();

  const expectJoined = async (orderId: number): Promise<void> => {
    const { fact, ledger } = await recordOf(orderId);
    expect(fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
    expect(ledger).toHaveLength(1);
    expect((await audit(source())).violations).toEqual([]);
  };

  it('between the dead-letter publish and the ack leaves one parked payment, not two', async () => {
    const death = createDeath('onPayment');
    const pipeline = await start({
      wrapPublish: (publish) => async (event, reason, error) => {
        await publish(event, reason, error);
        await death.once();
      },
    });
    death.of(pipeline);
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect(death.deaths()).toBe(1);
    await expectJoined(orderId);
  });

  it('between the ledger write and the read of the order is healed by redelivery', async () => {
    const death = createDeath('onDlq');
    const dying: Store = {
      ...store(),
      recordDeadLetter: async (deadLetter) => {
        await store().recordDeadLetter(deadLetter);
        await death.once();
      },
    };
    const pipeline = await start({ store: dying });
    death.of(pipeline);
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect(death.deaths()).toBe(1);
    await expectJoined(orderId);
  });

  it('between the order write and the read of its payments is healed by redelivery', async () => {
    const death = createDeath('onOrder');
    const dying: Store = {
      ...store(),
      recordOrder: async (order, stamp) => {
        await store().recordOrder(order, stamp);
        await death.once();
      },
    };
    const pipeline = await start({ store: dying });
    death.of(pipeline);
    const orderId = nextOrderId();
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);

    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect(death.deaths()).toBe(1);
    await expectJoined(orderId);
  });
});

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

type Step = 'recordEntry' | 'findEntries' | 'showOrder' | 'recordDeadLetter';

describe.skipIf(!hasCassandra)('a process that dies', () => {
  const { start, store, source, nextOrderId, recordOf } = setUpIntegration();

  /** A store on which a process dies once, after a step took effect. */
  const dyingAfter = (step: Step, death: ReturnType<typeof createDeath>): Store => {
    const then =
      <Args extends readonly unknown[], Result>(name: Step, run: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        const result = await run(...args);
        if (name === step) await death.once();
        return result;
      };
    return {
      ...store(),
      recordEntry: then('recordEntry', store().recordEntry),
      findEntries: then('findEntries', store().findEntries),
      showOrder: then('showOrder', store().showOrder),
      recordDeadLetter: then('recordDeadLetter', store().recordDeadLetter),
    };
  };

  const expectJoined = async (orderId: number, payments: number): Promise<void> => {
    const { fact, ledger } = await recordOf(orderId);
    expect(fact?.order.item).toBe('Laptop');
    expect(fact?.payment.paymentId).toBe(BigInt(orderId + 1000));
    expect(ledger).toHaveLength(1 + payments);
    expect((await audit(source())).violations).toEqual([]);
  };

  it('between the publish of its reports and the ack leaves one payment, not two', async () => {
    const death = createDeath('onPayment');
    const pipeline = await start({
      wrapTell: (tell, consumer) => async (event, reports) => {
        await tell(event, reports);
        if (consumer === 'onPayment') await death.once();
      },
    });
    death.of(pipeline);
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect(death.deaths()).toBe(1);
    await expectJoined(orderId, 1);
  });

  it.each([
    ['onPayment', 'recordEntry'],
    ['onPayment', 'findEntries'],
    ['onDlq', 'recordDeadLetter'],
  ] as const)('in %s after %s, of an early payment, is healed by redelivery', async (consumer, step) => {
    const death = createDeath(consumer);
    const pipeline = await start({ store: dyingAfter(step, death) });
    death.of(pipeline);
    const orderId = nextOrderId();

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(2);

    expect(death.deaths()).toBe(1);
    await expectJoined(orderId, 1);
  });

  it.each(['recordEntry', 'findEntries', 'showOrder'] as const)(
    'in onOrder after %s, with two payments that wait, is healed by redelivery, and both are told',
    async (step) => {
      const death = createDeath('onOrder');
      const before = await start();
      const orderId = nextOrderId();
      await before.publish('payments_data', paymentBody(orderId));
      await before.untilSettled(1);
      await before.publish(
        'payments_data',
        paymentBody(orderId, { payment_id: 1, payment_status: 'captured' }),
      );
      await before.untilSettled(2);
      const pipeline = await start({ store: dyingAfter(step, death) });
      death.of(pipeline);

      await pipeline.publish('orders_data', orderBody(orderId));
      await pipeline.untilSettled(1);

      expect(death.deaths()).toBe(1);
      const { ledger } = await recordOf(orderId);
      expect(ledger).toHaveLength(3);
      const report = await audit(source());
      expect(report.violations).toEqual([]);
      expect(report.findingOrderIds.conflict).toContain(BigInt(orderId));
    },
  );
});

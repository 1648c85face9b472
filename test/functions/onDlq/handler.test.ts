import { describe, expect, it } from 'vitest';
import { createOnDlq } from '../../../functions/onDlq/handler.ts';
import { createOnOrder } from '../../../functions/onOrder/handler.ts';
import { audit } from '../../../shared/audit/audit.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { event } from '../../support/messages/builders.ts';
import { orderBytes, paymentBytes, PUBLISHED_AT_MS } from '../../../proof/referenceMessages.ts';

const clock = () => PUBLISHED_AT_MS;

/**
 * Hands `onDlq` a message that calls itself a conflict, though `onPayment` never said so, and audits what is
 * left.
 */
const handleConflict = async (data: Buffer) => {
  const store = createMemoryStore();
  const handleOrder = createOnOrder({ store, clock });
  await handleOrder(event({ eventId: 'a'.repeat(32), origin: 'orders_data', data: orderBytes() }));
  const onDlq = createOnDlq({ store, handleOrder, clock });

  const settlement = await onDlq(
    event({
      origin: 'payments_data',
      data,
      carrier: { kind: 'dead-lettered', reason: 'conflict', error: 'two' },
    }),
  );
  return { settlement, report: await audit(store, { patienceMs: 0, clock }) };
};

describe('a conflict', () => {
  it('is recorded, and joined like any other payment, whoever called it one', async () => {
    const { settlement, report } = await handleConflict(paymentBytes());

    expect(settlement).toMatchObject({ outcome: 'conflict' });
    expect(report).toMatchObject({ matched: 1, payments: 1, openDeadLetters: 0, violations: [] });
    expect(report.deadLetters).toEqual({ unmatched: 1, invalid: 0, conflict: 1 });
  });

  it('is invalid when it cannot be read', async () => {
    const { settlement, report } = await handleConflict(Buffer.from('{}'));

    expect(settlement).toMatchObject({ outcome: 'invalid' });
    expect(report).toMatchObject({ deadLetters: { invalid: 1, conflict: 0 }, violations: [] });
  });
});

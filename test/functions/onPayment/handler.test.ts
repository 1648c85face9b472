import { describe, expect, it } from 'vitest';
import { createOnPayment } from '../../../functions/onPayment/handler.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { event, order, PUBLISHED_AT_MS, paymentBytes } from '../../support/builders.ts';
import { stamp } from '../../support/records.ts';

describe('a second payment', () => {
  it('is reported again when its conflict was stored and not published, though the order shows it by now', async () => {
    const store = createMemoryStore();
    const onPayment = createOnPayment({ store });
    await store.recordOrder(order(), stamp(1));
    await onPayment(event());
    const second = event({
      eventId: 'f'.repeat(32),
      publishedAtMs: PUBLISHED_AT_MS + 1_000,
      data: paymentBytes({ payment_id: '1002' }),
    });
    const conflict = {
      kind: 'reject',
      reason: 'conflict',
      error: 'order 1 has payment 1001, payment 1002 is kept beside it',
    };
    expect(await onPayment(second)).toMatchObject(conflict);
    expect(await store.findFact(1n)).toMatchObject({ paymentId: 1002n });

    const redelivered = await onPayment(second);

    expect(redelivered).toMatchObject(conflict);
  });

  it('is none when it is the first one again', async () => {
    const store = createMemoryStore();
    const onPayment = createOnPayment({ store });
    await store.recordOrder(order(), stamp(1));
    await onPayment(event());

    const redelivered = await onPayment(event());

    expect(redelivered).toMatchObject({ kind: 'ack', outcome: 'matched' });
  });
});

import { describe, expect, it } from 'vitest';
import { createOnPayment, type OnPaymentDeps } from '../../../functions/onPayment/handler.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { FactSummary } from '../../../shared/store/store.ts';
import { event, ledgerEntry } from '../../support/messages/builders.ts';
import { order, payment, paymentBytes, PUBLISHED_AT_MS, stamp } from '../../../proof/referenceMessages.ts';

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
      error: 'order 1 has payment 1001; payment 1002 is kept beside it',
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

/** A store that takes notes of what was asked of it, in order. */
const setUp = (fact: FactSummary, failing?: keyof OnPaymentDeps['store']) => {
  const calls: unknown[][] = [];
  const noted = async (name: keyof OnPaymentDeps['store'], ...values: readonly unknown[]): Promise<void> => {
    calls.push([name, ...values]);
    await new Promise(setImmediate);
    if (name === failing) throw new TransientError(`${name} failed`);
    calls.push([`${name} acknowledged`]);
  };
  const onPayment = createOnPayment({
    store: {
      findFact: async (...values) => {
        await noted('findFact', ...values);
        return fact;
      },
      findPayments: async (...values) => {
        await noted('findPayments', ...values);
        return [ledgerEntry()];
      },
      recordPayment: (...values) => noted('recordPayment', ...values),
    },
  });
  return { onPayment, calls, names: () => calls.map(([name]) => name) };
};

const SUBJECT = { orderId: 1n, paymentId: 1001n };

describe('onPayment', () => {
  it('stores a payment whose order is here, and acks when that is acknowledged (I2)', async () => {
    const incoming = event();
    const { onPayment, calls } = setUp({ orderExists: true, paymentId: undefined });

    const settlement = await onPayment(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'matched', subject: SUBJECT });
    expect(calls).toEqual([
      ['findFact', 1n],
      ['findFact acknowledged'],
      ['recordPayment', payment(), incoming],
      ['recordPayment acknowledged'],
    ]);
  });

  it('writes nothing of a payment whose order has not come, which onDlq parks', async () => {
    const { onPayment, names } = setUp({ orderExists: false, paymentId: 1001n });

    const settlement = await onPayment(event());

    expect(settlement).toEqual({
      kind: 'reject',
      reason: 'unmatched',
      error: 'order 1 has not come yet',
      subject: SUBJECT,
    });
    expect(names()).toEqual(['findFact', 'findFact acknowledged']);
  });

  it('keeps a payment beside another one before it reports the conflict (I6)', async () => {
    const incoming = event();
    const { onPayment, calls } = setUp({ orderExists: true, paymentId: 7n });

    const settlement = await onPayment(incoming);

    expect(settlement).toEqual({
      kind: 'reject',
      reason: 'conflict',
      error: 'order 1 has payment 7; payment 1001 is kept beside it',
      subject: SUBJECT,
    });
    expect(calls.slice(2)).toEqual([['recordPayment', payment(), incoming], ['recordPayment acknowledged']]);
  });

  it('asks the ledger only where the order shows the payment already, for a read costs', async () => {
    const { onPayment, calls } = setUp({ orderExists: true, paymentId: 1001n });

    await onPayment(event());

    expect(calls.slice(2, 4)).toEqual([['findPayments', 1n], ['findPayments acknowledged']]);
  });

  it.each([
    ['findFact', undefined],
    ['recordPayment', undefined],
    ['recordPayment', 7n],
    ['findPayments', 1001n],
  ] as const)('settles nothing, nor goes on, when %s fails beside payment %s', async (failing, paymentId) => {
    const { onPayment, names } = setUp({ orderExists: true, paymentId }, failing);

    const result = onPayment(event());

    await expect(result).rejects.toThrow(`${failing} failed`);
    expect(names().at(-1)).toBe(failing);
  });
});

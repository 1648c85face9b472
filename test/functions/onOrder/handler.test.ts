import { describe, expect, it } from 'vitest';
import { createOnOrder, type OnOrderDeps } from '../../../functions/onOrder/handler.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import type { LedgerEntry } from '../../../shared/store/store.ts';
import { event, ledgerEntry } from '../../support/messages/builders.ts';
import { order, orderBytes, PUBLISHED_AT_MS, stamp } from '../../../proof/referenceMessages.ts';

const NOW = PUBLISHED_AT_MS + 5_000;
const incoming = event({ origin: 'orders_data', data: orderBytes() });
const parked = (count: number): LedgerEntry[] =>
  Array.from({ length: count }, (_, number) => ledgerEntry({ ...stamp(number), isParked: true }));

/** A store that takes notes: what was asked of it, in order, and how many marks were under way at once. */
const setUp = (ledger: readonly LedgerEntry[], failing?: keyof OnOrderDeps['store']) => {
  const calls: unknown[][] = [];
  let marking = 0;
  let mostMarking = 0;
  const noted = async (name: keyof OnOrderDeps['store'], ...values: readonly unknown[]): Promise<void> => {
    calls.push([name, ...values]);
    await new Promise(setImmediate);
    if (name === failing) throw new TransientError(`${name} failed`);
    calls.push([`${name} acknowledged`]);
  };
  const onOrder = createOnOrder({
    store: {
      recordOrder: (...values) => noted('recordOrder', ...values),
      findPayments: async (...values) => {
        await noted('findPayments', ...values);
        return ledger;
      },
      attachPayments: (...values) => noted('attachPayments', ...values),
      markMatched: async (...values) => {
        marking += 1;
        mostMarking = Math.max(mostMarking, marking);
        await noted('markMatched', ...values);
        marking -= 1;
      },
    },
    clock: () => NOW,
  });
  return { onOrder, calls, names: () => calls.map(([name]) => name), mostMarking: () => mostMarking };
};

describe('onOrder', () => {
  it('stores an order, and looks for payments only when that is acknowledged (I3)', async () => {
    const { onOrder, calls } = setUp([]);

    const settlement = await onOrder(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'stored', subject: { orderId: 1n } });
    expect(calls).toEqual([
      ['recordOrder', order(), incoming],
      ['recordOrder acknowledged'],
      ['findPayments', 1n],
      ['findPayments acknowledged'],
    ]);
  });

  it('shows a payment that waited, and closes its dead letter when that is acknowledged', async () => {
    const ledger = parked(1);
    const { onOrder, calls } = setUp(ledger);

    const settlement = await onOrder(incoming);

    expect(settlement).toEqual({ kind: 'ack', outcome: 'matched', subject: { orderId: 1n } });
    expect(calls.slice(4)).toEqual([
      ['attachPayments', ledger],
      ['attachPayments acknowledged'],
      ['markMatched', ledger[0], NOW],
      ['markMatched acknowledged'],
    ]);
  });

  it.each([
    [31, 31],
    [32, 32],
    [33, 32],
    [100, 32],
  ])('closes all of %d dead letters, %d at a time', async (count, atOnce) => {
    const ledger = parked(count);
    const { onOrder, calls, mostMarking } = setUp(ledger);

    await onOrder(incoming);

    const marked = calls.filter(([name]) => name === 'markMatched').map(([, entry]) => entry);
    expect(marked).toEqual(ledger);
    expect(mostMarking()).toBe(atOnce);
  });

  it.each(['recordOrder', 'findPayments', 'attachPayments', 'markMatched'] as const)(
    'does not ack, nor go on, when %s fails (I2)',
    async (failing) => {
      const { onOrder, names } = setUp(parked(1), failing);

      const result = onOrder(incoming);

      await expect(result).rejects.toThrow(`${failing} failed`);
      expect(names().at(-1)).toBe(failing);
    },
  );

  it('writes nothing of an order that it cannot read', async () => {
    const { onOrder, calls } = setUp([]);

    const result = onOrder(event({ data: Buffer.from('{}') }));

    await expect(result).rejects.toThrow(PermanentError);
    expect(calls).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import type { IncomingEvent } from '../../../shared/domain/event.ts';
import { MalformedBodyError } from '../../../shared/messaging/parseMessage.ts';
import { createAcceptEvent } from '../../../shared/protocol/acceptEvent.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { order, payment } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const setUp = () => {
  const store = createMemoryStore();
  const told: (readonly [IncomingEvent, readonly Report[]])[] = [];
  const acceptEvent = createAcceptEvent({
    store,
    tell: async (...args) => void told.push(args),
  });
  return { store, told, acceptEvent };
};

describe('an event', () => {
  it('is accepted as an order or as a payment, as its topic says', async () => {
    const { store, acceptEvent, told } = setUp();

    const ofOrder = await acceptEvent(
      event({ eventId: 'a'.repeat(32), origin: 'orders_data', data: orderBytes() }),
    );
    const ofPayment = await acceptEvent(event());

    expect([ofOrder, ofPayment]).toMatchObject([{ outcome: 'stored' }, { outcome: 'matched' }]);
    const { fact } = await store.findOrderRecord(1n);
    expect({ orderId: 1n, ...fact?.order }).toEqual(order());
    expect({ orderId: 1n, ...fact?.payment }).toEqual(payment());
    expect(told).toEqual([]);
  });

  it('is told with its reports', async () => {
    const { acceptEvent, told } = setUp();
    const early = event();

    await acceptEvent(early);

    expect(told).toEqual([[early, [expect.objectContaining({ reason: 'unmatched' })]]]);
  });

  it('that cannot be read leaves nothing', async () => {
    const { store, acceptEvent, told } = setUp();

    await expect(acceptEvent(event({ data: Buffer.from('{}') }))).rejects.toThrow(MalformedBodyError);

    expect(store.tables.ledger.keys()).toEqual([]);
    expect(told).toEqual([]);
  });
});

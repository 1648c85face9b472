import { describe, expect, it } from 'vitest';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import {
  digestOf,
  endStateOf,
  expectedOf,
  fieldsOf,
  messagesOf,
  read,
  textOf,
  workloadOf,
  wronglyShown,
} from './readMessages.ts';

const sentBy = async (body: object) => [...messagesOf(await workloadOf(body))];

/**
 * "o7" for the order 7 and "p7" for its payment, each with the second of the reference's time at which it is
 * sent.
 */
const timetableOf = async (scenario: string): Promise<string[]> =>
  (await sentBy({ scenario, timeScale: 2 })).map((slot) => {
    const message = read(slot);
    if (message.kind === 'malformed') throw new Error('the reference sends nothing malformed');
    return `${slot.atMs / 500}: ${message.kind === 'order' ? 'o' : 'p'}${message.orderId}`;
  });

describe('the reference’s workload', () => {
  it('has the same bytes for the same seed, today and tomorrow', async () => {
    expect(digestOf(await workloadOf({ seed: 42 }))).toBe(
      '76fc44b8b18b446306c33322ace6b4aa92829741416274acafe6b0e134d7dc3d',
    );
    expect(digestOf(await workloadOf({ seed: 42 }))).toBe(
      '76fc44b8b18b446306c33322ace6b4aa92829741416274acafe6b0e134d7dc3d',
    );
  });

  it('has other bytes for another seed', async () => {
    expect(digestOf(await workloadOf({ seed: 43 }))).not.toBe(digestOf(await workloadOf({ seed: 42 })));
  });

  it('writes orders and payments as the reference does, key by key', async () => {
    const [order, payment] = await sentBy({ seed: 42 });

    expect(order && textOf(order)).toBe(
      '{"order_id":1,"customer_id":362,"item":"Laptop","quantity":2,"price":1168.614773498848,' +
        '"shipping_address":"123 Main St, City A, Country","order_status":"Pending","creation_date":"2024-01-21"}',
    );
    expect(payment && textOf(payment)).toBe(
      '{"payment_id":1001,"order_id":1,"payment_method":"Google Pay","card_last_four":"0001",' +
        '"payment_status":"Completed","payment_datetime":"2024-01-21T01:01:30Z"}',
    );
  });

  it('draws every field from the values that the reference has', async () => {
    const orders = (await sentBy({ scenario: 'C' })).filter(({ kind }) => kind === 'order').map(fieldsOf);
    const valuesOf = (key: string) => new Set(orders.map((order) => order[key]));

    expect(valuesOf('item')).toEqual(new Set(['Laptop', 'Phone', 'Book', 'Tablet', 'Monitor']));
    expect(valuesOf('quantity')).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(valuesOf('shipping_address')).toEqual(
      new Set(['123 Main St, City A, Country', '456 Elm St, City B, Country', '789 Oak St, City C, Country']),
    );
    expect(valuesOf('order_status')).toEqual(new Set(['Shipped', 'Pending', 'Delivered', 'Cancelled']));
    expect(valuesOf('creation_date')).toEqual(new Set(['2024-01-21']));
    const customerIds = [...valuesOf('customer_id')].map(Number);
    expect(customerIds.every(Number.isInteger)).toBe(true);
    expect(Math.min(...customerIds)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...customerIds)).toBeLessThanOrEqual(1000);
    const prices = [...valuesOf('price')].map(Number);
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...prices)).toBeLessThanOrEqual(1500);
    expect(prices.filter((price) => price.toFixed(4).length < String(price).length).length).toBeGreaterThan(
      300,
    );
  });

  it('writes the payment times of the reference, impossible ones included', async () => {
    const payments = (await sentBy({})).filter(({ kind }) => kind === 'payment').map(fieldsOf);

    expect(payments[6]).toEqual({
      payment_id: 1007,
      order_id: 7,
      payment_method: expect.any(String),
      card_last_four: '0007',
      payment_status: 'Completed',
      payment_datetime: '2024-01-21T07:01:30Z',
    });
    expect(payments[499]).toMatchObject({
      payment_id: 1500,
      card_last_four: '0500',
      payment_datetime: '2024-01-21T500:01:30Z',
    });
    expect(new Set(payments.map((payment) => payment.payment_method))).toEqual(
      new Set(['Credit Card', 'Debit Card', 'PayPal', 'Google Pay', 'Apple Pay']),
    );
  });

  it('gives an order that comes again new content', async () => {
    const first = (await sentBy({})).filter((slot) => textOf(slot).startsWith('{"order_id":1,'));

    expect(first).toHaveLength(4);
    expect(new Set(first.map(textOf)).size).toBe(4);
  });

  it.each(['A', 'D'])(
    'interleaves scenario %s second by second, an order before a payment',
    async (scenario) => {
      const timetable = await timetableOf(scenario);

      expect(timetable).toHaveLength(750);
      expect(timetable.slice(0, 6)).toEqual(['0: o1', '0: p1', '1: p2', '2: o2', '2: p3', '3: p4']);
      expect(timetable.slice(237, 241)).toEqual(['158: o80', '158: p159', '159: p160', '160: o1']);
      expect(timetable.slice(-3)).toEqual(['498: o10', '498: p499', '499: p500']);
    },
  );

  it('publishes the same messages for A and for D', async () => {
    expect(digestOf(await workloadOf({ scenario: 'D' }))).toBe(digestOf(await workloadOf({ scenario: 'A' })));
  });

  it('sends every order, then the payments, in scenario B', async () => {
    const timetable = await timetableOf('B');

    expect(timetable).toHaveLength(580);
    expect(timetable.slice(0, 2)).toEqual(['0: o1', '2: o2']);
    expect(timetable.slice(79, 82)).toEqual(['158: o80', '160: p1', '161: p2']);
    expect(timetable.at(-1)).toBe('659: p500');
  });

  it('sends every order, then orders and payments together, in scenario C', async () => {
    const timetable = await timetableOf('C');

    expect(timetable).toHaveLength(830);
    expect(timetable.slice(79, 84)).toEqual(['158: o80', '160: o1', '160: p1', '161: p2', '162: o2']);
    expect(timetable.filter((entry) => entry.includes('o'))).toHaveLength(330);
    expect(timetable.slice(-3)).toEqual(['658: o10', '658: p499', '659: p500']);
  });

  it.each(['A', 'B', 'C', 'D'])(
    'expects 80 payments matched and 420 parked in scenario %s',
    async (scenario) => {
      const workload = await workloadOf({ scenario });

      const expected = expectedOf(workload);

      expect(expected).toEqual(endStateOf(messagesOf(workload)));
      expect(expected.matched).toHaveLength(80);
      expect(expected.parked).toHaveLength(420);
      expect([expected.unpaid, expected.conflicts, expected.invalid]).toEqual([[], [], []]);
      expect([expected.changed, expected.rivals, wronglyShown(workload)]).toEqual([[], [], []]);
      expect([...workload.expected.shows()]).toHaveLength(80);
    },
  );

  it.each([
    ['without the producer’s time', {}],
    ['with it', { occurredAt: true, clockAheadMs: 240_000 }],
    ['with it, as fast as possible', { occurredAt: true, timeScale: 0 }],
  ])('expects what the flows of real shops come to, %s', async (_name, more) => {
    const workload = await workloadOf({
      ...more,
      scenario: 'C',
      versions: 0.5,
      guests: 0.3,
      cardless: 0.3,
      doublePaid: 0.1,
      statusMoves: 0.1,
      declinedFirst: 0.1,
      changed: 0.1,
      refunds: 0.1,
      refundsApart: 0.1,
      giftCards: 0.1,
      webhooks: 0.1,
    });

    const expected = expectedOf(workload);

    expect(expected).toEqual(endStateOf(messagesOf(workload)));
    expect(wronglyShown(workload)).toEqual([]);
    expect(expected.conflicts.length).toBeGreaterThan(20);
    expect(expected.changed.length).toBeGreaterThan(20);
    expect(expected.rivals.length > 20).toBe(!('occurredAt' in more));
  });

  it('compresses time by the time scale, and does away with it for 0', async () => {
    const scaled = await sentBy({ timeScale: 100 });
    const atOnce = await sentBy({ timeScale: 0 });

    expect(scaled.at(-1)?.atMs).toBe(4990);
    expect(new Set(atOnce.map(({ atMs }) => atMs))).toEqual(new Set([0]));
    expect(atOnce.map(textOf)).toEqual(scaled.map(textOf));
  });

  it('sends nothing that a redaction would change (I8)', async () => {
    const redacted = (await sentBy({ scenario: 'C' })).filter(({ data }) => maskBody(data).isRedacted);

    expect(redacted).toEqual([]);
  });
});

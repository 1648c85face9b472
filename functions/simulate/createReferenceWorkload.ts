import { createRandom, type Random } from './random.ts';
import type { ReferenceRequest } from './parseRequest.ts';
import { indexAt, ORDER_IDS, PAYMENTS, referenceScenarioSeconds, TIMETABLES } from './referenceTimetable.ts';
import { type Message, type PaidOrder, type Slot, toBytes, type Workload } from './workload.ts';

/** Creates the traffic of the reference: the messages of its two scripts, at the same times. */
export const createReferenceWorkload = (request: ReferenceRequest): Workload => ({
  slots: () => generateSlots(request),
  expected: {
    matched: () => paidOrders(1, ORDER_IDS),
    parked: () => paidOrders(ORDER_IDS + 1, PAYMENTS),
    unpaid: () => [],
    conflicts: () => [],
    invalid: () => [],
  },
});

function* generateSlots({ scenario, timeScale, seed }: ReferenceRequest): Generator<Slot> {
  const random = createRandom(seed, 'content');
  const { orders, payments } = TIMETABLES[scenario];
  const lastSecond = referenceScenarioSeconds(scenario);
  for (let second = 0; second <= lastSecond; second += 1) {
    const atMs = timeScale === 0 ? 0 : (second * 1000) / timeScale;
    for (const burst of orders) {
      const index = indexAt(burst, second);
      if (index !== undefined) yield { ...createOrder((index % ORDER_IDS) + 1, random), atMs };
    }
    const index = indexAt(payments, second);
    if (index !== undefined) yield { ...createPayment(index + 1, random), atMs };
  }
}

const createOrder = (orderId: number, random: Random): Message => ({
  kind: 'order',
  topic: 'orders_data',
  data: toBytes({
    order_id: orderId,
    customer_id: random.integer(100, 1000),
    item: random.pick(['Laptop', 'Phone', 'Book', 'Tablet', 'Monitor']),
    quantity: random.integer(1, 10),
    price: 100 + random.next() * 1400,
    shipping_address: random.pick([
      '123 Main St, City A, Country',
      '456 Elm St, City B, Country',
      '789 Oak St, City C, Country',
    ]),
    order_status: random.pick(['Shipped', 'Pending', 'Delivered', 'Cancelled']),
    creation_date: '2024-01-21',
  }),
});

const createPayment = (orderId: number, random: Random): Message => ({
  kind: 'payment',
  topic: 'payments_data',
  data: toBytes({
    payment_id: paymentIdOf(orderId),
    order_id: orderId,
    payment_method: random.pick(['Credit Card', 'Debit Card', 'PayPal', 'Google Pay', 'Apple Pay']),
    card_last_four: String(orderId).padStart(4, '0'),
    payment_status: 'Completed',
    // From order 24 on, the hour is above 23 and the time is not valid. The reference sends it like this.
    payment_datetime: `2024-01-21T${String(orderId).padStart(2, '0')}:01:30Z`,
  }),
});

const paymentIdOf = (orderId: number): number => orderId + 1000;

function* paidOrders(firstOrderId: number, lastOrderId: number): Generator<PaidOrder> {
  for (let orderId = firstOrderId; orderId <= lastOrderId; orderId += 1) {
    yield { order_id: orderId, payment_id: paymentIdOf(orderId) };
  }
}

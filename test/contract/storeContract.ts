import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeadLetter, deadLetterKeyOf } from '../../shared/domain/deadLetter.ts';
import type { EventStamp } from '../../shared/domain/event.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { writeTimeOf } from '../../shared/domain/writeTimeOf.ts';
import { orderCells, paymentCells } from '../../shared/store/columns.ts';
import type { AuditSource, OrderRecord, Store } from '../../shared/store/store.ts';
import { order as anyOrder, payment as anyPayment } from '../../proof/referenceMessages.ts';

/** What the contract needs from an implementation: its two ports, and a look at the write times of a fact. */
interface StoreUnderTest {
  readonly store: Store;
  readonly source: AuditSource;
  /** Microseconds by column, for the columns of a fact that are not null. */
  readonly factWriteTimes: (orderId: bigint) => Promise<Readonly<Record<string, bigint>>>;
}

const ID_MAX = 2n ** 63n - 1n;
const NOW_MS = 1_800_000_000_000;

const order = (orderId: bigint, changes: Partial<Order> = {}): Order => anyOrder({ orderId, ...changes });

const payment = (orderId: bigint, changes: Partial<Payment> = {}): Payment =>
  anyPayment({ orderId, paymentId: orderId + 1000n, ...changes });

const stamp = (publishedAtMs: number, digits = 0): EventStamp => ({
  eventId: digits.toString(16).padStart(8, '0') + publishedAtMs.toString(16).padStart(24, '0'),
  publishedAtMs,
});

const deadLetter = (at: EventStamp, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  ...at,
  reason: 'unmatched',
  error: 'order 1 has not come yet',
  originTopic: 'payments_data',
  originMessageId: '17',
  recordedAtMs: NOW_MS,
  payload: Buffer.from('{"order_id":1}'),
  isRedacted: false,
  redriveCount: 0,
  orderId: 1n,
  paymentId: 1001n,
  ...changes,
});

/** One suite for every store. A fake earns trust when it passes the same tests as the real Cassandra. */
export const describeStoreContract = (name: string, open: () => Promise<StoreUnderTest>): void => {
  describe(`the store contract, on ${name}`, () => {
    let under: StoreUnderTest;
    let lastOrderId = 0n;
    const nextOrderId = (): bigint => {
      lastOrderId += 1n;
      return lastOrderId;
    };

    beforeAll(async () => {
      under = await open();
    });
    afterAll(async () => {
      await under.store.close();
      await under.source.close();
    });

    it('keeps 64-bit ids to the last digit', async () => {
      const { store, source } = under;
      const big = order(ID_MAX, { customerId: ID_MAX - 1n, quantity: ID_MAX - 2n });
      const paid = payment(ID_MAX, { paymentId: ID_MAX });

      await store.recordOrder(big, stamp(NOW_MS));
      await store.recordPayment(paid, stamp(NOW_MS));

      const { fact, ledger } = await source.findOrderRecord(ID_MAX);
      expect({ orderId: fact?.orderId, ...fact?.order }).toEqual(big);
      expect({ orderId: fact?.orderId, ...fact?.payment }).toEqual(paid);
      expect(ledger.map((row) => row.payment)).toEqual([paid]);
    });

    it('finds no order when only a payment has written to its row', async () => {
      const { store } = under;
      const orderId = nextOrderId();

      await store.recordPayment(payment(orderId), stamp(NOW_MS));

      expect(await store.findFact(orderId)).toEqual({ orderExists: false, paymentId: orderId + 1000n });
    });

    it('finds nothing when nobody has sent the order', async () => {
      const orderId = nextOrderId();

      expect(await under.store.findFact(orderId)).toEqual({ orderExists: false, paymentId: undefined });
      expect(await under.store.findPayments(orderId)).toEqual([]);
      expect(await under.source.findOrderRecord(orderId)).toEqual({ orderId, fact: undefined, ledger: [] });
    });

    it('keeps the payment when the order is written again', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();
      await store.recordOrder(order(orderId), stamp(NOW_MS));
      await store.recordPayment(payment(orderId), stamp(NOW_MS + 1));

      await store.recordOrder(order(orderId, { item: 'Book' }), stamp(NOW_MS + 2));

      const { fact } = await source.findOrderRecord(orderId);
      expect(fact?.order.item).toBe('Book');
      expect(fact?.payment.paymentId).toBe(orderId + 1000n);
    });

    it('lets the newest published content win, even when older content arrives last', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();

      await store.recordOrder(order(orderId, { item: 'new' }), stamp(NOW_MS + 5));
      await store.recordOrder(order(orderId, { item: 'old' }), stamp(NOW_MS));

      expect((await source.findOrderRecord(orderId)).fact?.order.item).toBe('new');
    });

    it('writes every cell at its event’s own time', async () => {
      const { store } = under;
      const orderId = nextOrderId();
      const [orderAt, paymentAt] = [stamp(NOW_MS, 123), stamp(NOW_MS + 7, 456)];

      await store.recordOrder(order(orderId), orderAt);
      await store.recordPayment(payment(orderId), paymentAt);

      const times = await under.factWriteTimes(orderId);
      expect(times).toEqual({
        ...Object.fromEntries(ORDER_COLUMNS.map((column) => [column, writeTimeOf(orderAt)])),
        ...Object.fromEntries(PAYMENT_COLUMNS.map((column) => [column, writeTimeOf(paymentAt)])),
      });
      expect(times.item).toBe(BigInt(NOW_MS) * 1000n + 123n);
    });

    it('lets the larger value win when write times are equal, in either order', async () => {
      const { store, source } = under;
      const [first, second] = [nextOrderId(), nextOrderId()];
      const at = stamp(NOW_MS);
      const small = { item: 'z', price: 9.5, quantity: 9n };
      const large = { item: 'é', price: 10.25, quantity: 10n };

      await store.recordOrder(order(first, small), at);
      await store.recordOrder(order(first, large), at);
      await store.recordOrder(order(second, large), at);
      await store.recordOrder(order(second, small), at);

      for (const orderId of [first, second]) {
        expect((await source.findOrderRecord(orderId)).fact?.order).toMatchObject(large);
      }
    });

    it('keeps every payment event of an order, and flags only the parked ones', async () => {
      const { store } = under;
      const orderId = nextOrderId();
      const changed = payment(orderId, { paymentStatus: 'Refunded' });
      const second = payment(orderId, { paymentId: orderId + 2000n });

      await store.recordPayment(payment(orderId), stamp(NOW_MS));
      await store.parkPayment(changed, stamp(NOW_MS + 1));
      await store.recordPayment(second, stamp(NOW_MS + 2));

      const entries = await store.findPayments(orderId);
      expect(entries.toSorted((a, b) => a.publishedAtMs - b.publishedAtMs)).toEqual([
        { payment: payment(orderId), isParked: false, ...stamp(NOW_MS) },
        { payment: changed, isParked: true, ...stamp(NOW_MS + 1) },
        { payment: second, isParked: false, ...stamp(NOW_MS + 2) },
      ]);
    });

    it('keeps a payment parked when it is recorded again without the flag', async () => {
      const { store } = under;
      const orderId = nextOrderId();

      await store.parkPayment(payment(orderId), stamp(NOW_MS));
      await store.recordPayment(payment(orderId), stamp(NOW_MS));

      expect(await store.findPayments(orderId)).toMatchObject([{ isParked: true }]);
    });

    it('attaches several payments of one order, the newest on top', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();
      const [older, newer] = [payment(orderId), payment(orderId, { paymentId: orderId + 2000n })];

      await store.attachPayments([
        { payment: newer, isParked: true, ...stamp(NOW_MS + 1) },
        { payment: older, isParked: true, ...stamp(NOW_MS) },
      ]);

      expect((await source.findOrderRecord(orderId)).fact?.payment.paymentId).toBe(orderId + 2000n);
    });

    it('keeps one row for each dead letter and reason when it is recorded again', async () => {
      const { store, source } = under;
      const at = stamp(NOW_MS + 86_400_000, 77);
      const payload = Buffer.from([0, 255, 10]);

      await store.recordDeadLetter(deadLetter(at, { payload, orderId: undefined, paymentId: undefined }));
      await store.recordDeadLetter(deadLetter(at, { payload, orderId: undefined, paymentId: undefined }));
      await store.recordDeadLetter(deadLetter(at, { reason: 'conflict' }));

      const rows = await source.findDeadLetters(deadLetterKeyOf(at));
      expect(rows.map(({ reason }) => reason).toSorted()).toEqual(['conflict', 'unmatched']);
      const unmatched = rows.find(({ reason }) => reason === 'unmatched');
      expect(unmatched).toMatchObject({ ...at, error: 'order 1 has not come yet', originMessageId: '17' });
      expect(unmatched).toMatchObject({ orderId: undefined, paymentId: undefined, matchedAtMs: undefined });
      expect(Buffer.from(await source.findPayload(deadLetterKeyOf(at), 'unmatched'))).toEqual(payload);
    });

    it('marks a dead letter as matched without touching its other columns', async () => {
      const { store, source } = under;
      const at = stamp(NOW_MS + 2 * 86_400_000, 78);
      await store.recordDeadLetter(deadLetter(at));

      await store.markMatched(at, NOW_MS + 5);

      expect(await source.findDeadLetters(deadLetterKeyOf(at))).toMatchObject([
        { matchedAtMs: NOW_MS + 5, redrivenAtMs: undefined, error: 'order 1 has not come yet', orderId: 1n },
      ]);
    });

    it('scans every order once, with its whole ledger, and every dead letter', async () => {
      const { store, source } = under;
      const orderIds = Array.from({ length: 60 }, nextOrderId);
      await Promise.all(orderIds.map((orderId) => store.recordOrder(order(orderId), stamp(NOW_MS))));
      await Promise.all(orderIds.map((orderId) => store.parkPayment(payment(orderId), stamp(NOW_MS, 1))));
      await Promise.all(orderIds.map((orderId) => store.parkPayment(payment(orderId), stamp(NOW_MS, 2))));
      const letters = orderIds.map((_, index) => stamp(NOW_MS + 3 * 86_400_000 + index, index));
      await Promise.all(letters.map((at) => store.recordDeadLetter(deadLetter(at))));

      const records = await Array.fromAsync(source.scanOrders());
      const rows = await Array.fromAsync(source.scanDeadLetters());

      const ofThisTest = records.filter((record) => orderIds.includes(record.orderId));
      expect(ofThisTest.map(({ orderId }) => orderId).toSorted(byValue)).toEqual(orderIds);
      for (const record of ofThisTest) {
        expect(withSortedLedger(record)).toEqual(
          withSortedLedger(await source.findOrderRecord(record.orderId)),
        );
        expect(record.ledger).toHaveLength(2);
      }
      const seen = rows.map(({ eventId }) => eventId);
      expect(letters.filter(({ eventId }) => !seen.includes(eventId))).toEqual([]);
    });

    it('ends in the same cells and write times for any order of the same concurrent writes', async () => {
      const contents = fc.record({
        item: fc.constantFrom('a', 'b', 'é'),
        publishedAtMs: fc.integer({ min: NOW_MS, max: NOW_MS + 2 }),
        digits: fc.integer({ min: 0, max: 1 }),
        isPayment: fc.boolean(),
      });
      const scenario = fc.array(contents, { minLength: 2, maxLength: 6 });

      await fc.assert(
        fc.asyncProperty(scenario, async (events) => {
          const apply = async (orderId: bigint, sequence: typeof events): Promise<unknown> => {
            const write = ({ item, publishedAtMs, digits, isPayment }: (typeof events)[number]) => {
              const at = stamp(publishedAtMs, digits);
              return isPayment
                ? under.store.recordPayment(payment(orderId, { paymentId: 7n, paymentMethod: item }), at)
                : under.store.recordOrder(order(orderId, { item }), at);
            };
            await Promise.all(sequence.map(write));
            const { fact, ledger } = await under.source.findOrderRecord(orderId);
            const rows = ledger.map((row) => [
              row.eventId,
              row.paymentId,
              row.isParked,
              row.payment?.paymentMethod,
            ]);
            return {
              order: fact?.order,
              payment: fact?.payment,
              rows,
              times: await under.factWriteTimes(orderId),
            };
          };

          const forwards = await apply(nextOrderId(), events);
          const backwardsTwice = await apply(nextOrderId(), [...events, ...events].toReversed());

          expect(backwardsTwice).toEqual(forwards);
        }),
        { numRuns: 30, seed: 20_261_124 },
      );
    });

    it('lets at least one side see the other when an order and its parked payment race', async () => {
      const { store } = under;

      for (let round = 0; round < 50; round += 1) {
        const orderId = nextOrderId();
        const orderSide = async () => {
          await store.recordOrder(order(orderId), stamp(NOW_MS));
          return (await store.findPayments(orderId)).length === 1;
        };
        const paymentSide = async () => {
          await store.parkPayment(payment(orderId), stamp(NOW_MS));
          return (await store.findFact(orderId)).orderExists;
        };

        const seen = await Promise.all([orderSide(), paymentSide()]);

        expect(seen).toContain(true);
      }
    });
  });
};

const ORDER_COLUMNS = Object.keys(orderCells(anyOrder()));
const PAYMENT_COLUMNS = Object.keys(paymentCells(anyPayment()));

const byValue = (a: bigint, b: bigint): number => (a > b ? 1 : -1);

const withSortedLedger = (record: OrderRecord): OrderRecord => ({
  ...record,
  ledger: record.ledger.toSorted((a, b) => (a.eventId > b.eventId ? 1 : -1)),
});

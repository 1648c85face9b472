import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeadLetter, deadLetterKeyOf } from '../../shared/domain/deadLetter.ts';
import { fold } from '../../shared/domain/fold.ts';
import type { DecisionEntry, LedgerEntry } from '../../shared/domain/ledgerEntry.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { erasureWriteTime, ledgerWriteTime, orderWriteTime } from '../../shared/domain/writeTimes.ts';
import { orderCells, paymentCells } from '../../shared/store/columns.ts';
import type { AuditSource } from '../../shared/store/auditSource.ts';
import type { OrderShow, Store } from '../../shared/store/store.ts';
import {
  PUBLISHED_AT_MS,
  order as anyOrder,
  payment as anyPayment,
  stamp,
} from '../support/messages/domain.ts';
import { anyEntries } from '../support/messages/anyEntries.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';

/** What the contract needs from an implementation: its two ports, and a look at write times. */
interface StoreUnderTest {
  readonly store: Store;
  readonly source: AuditSource;
  /** Microseconds by column, for the columns of a fact that are not null. */
  readonly factWriteTimes: (orderId: bigint) => Promise<Readonly<Record<string, bigint>>>;
  /** Microseconds by event id, of one column of the ledger that is never null. */
  readonly ledgerWriteTimes: (
    orderId: bigint,
    column: 'kind' | 'erased_at',
  ) => Promise<Readonly<Record<string, bigint>>>;
}

const ID_MAX = 2n ** 63n - 1n;
const PAID_AT = 1_000_000_123n;

/** What is shown of an order and of a payment, at these write times. */
const show = (
  orderId: bigint,
  order: readonly [bigint, Partial<Order>] | undefined,
  payment?: readonly [bigint, Partial<Payment>],
  blanks?: OrderShow['blanks'],
): OrderShow => ({
  orderId,
  order: order && { order: anyOrder({ orderId, ...order[1] }), writeTime: order[0] },
  payment: payment && { payment: anyPayment({ orderId, ...payment[1] }), writeTime: payment[0] },
  blanks,
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
    const recordAll = async (entries: readonly LedgerEntry[]): Promise<void> => {
      await Promise.all(entries.map((entry) => under.store.recordEntry(entry)));
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
      const order = { orderId: ID_MAX, customerId: ID_MAX - 1n, quantity: ID_MAX - 2n };
      const payment = { orderId: ID_MAX, paymentId: ID_MAX };
      const entries = [paymentEntry(2, payment), orderEntry(1, order)];

      await recordAll(entries);
      await store.showOrder(show(ID_MAX, undefined, [PAID_AT, payment]));

      const { fact } = await source.findOrderRecord(ID_MAX);
      expect({ orderId: fact?.orderId, ...fact?.order }).toEqual(anyOrder(order));
      expect({ orderId: fact?.orderId, ...fact?.payment }).toEqual(anyPayment(payment));
      expect(await store.findEntries(ID_MAX, true)).toEqual({ entries, isWhole: true });
    });

    it('finds nothing when nobody has sent the order', async () => {
      const orderId = nextOrderId();

      expect(await under.store.findEntries(orderId, false)).toEqual({ entries: [], isWhole: true });
      expect(await under.source.findOrderRecord(orderId)).toEqual({
        orderId,
        fact: undefined,
        paymentWriteTime: undefined,
        ledger: [],
      });
    });

    it('makes a row of an order with its order, and none of a payment or a decision', async () => {
      const { source } = under;
      const orderId = nextOrderId();

      await recordAll([paymentEntry(1, { orderId }), decisionEntry(2, { orderId })]);
      expect((await source.findOrderRecord(orderId)).fact).toBeUndefined();
      await recordAll([orderEntry(3, { orderId })]);

      const { fact, paymentWriteTime } = await source.findOrderRecord(orderId);
      expect({ orderId: fact?.orderId, ...fact?.order }).toEqual(anyOrder({ orderId }));
      expect(Object.values(fact?.payment ?? {})).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(paymentWriteTime).toBeUndefined();
    });

    it('gives back every entry as it was recorded', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();
      const time = { occurredAtMs: PUBLISHED_AT_MS + 7, atMs: PUBLISHED_AT_MS + 7, isRedacted: true };
      const decisions: readonly Partial<DecisionEntry>[] = [
        { decision: 'erased' },
        { decision: 'resolved', ref: 'a'.repeat(32), because: 'refunded by hand' },
        { decision: 'discarded', ref: 'b'.repeat(32), decidedBy: 'bob' },
      ];
      const entries: readonly LedgerEntry[] = [
        ...decisions.map((changes, index) => decisionEntry(30 - index, { orderId, ...changes })),
        paymentEntry(20, { orderId, cardLastFour: undefined }),
        paymentEntry(19, { orderId, paymentStatus: '', paymentId: 0n }),
        paymentEntry(18, { orderId }, time),
        orderEntry(17, { orderId, customerId: undefined, price: 0 }),
        orderEntry(16, { orderId, item: '', price: 457.0966360351904 }, time),
      ];

      await recordAll(entries);

      expect(await store.findEntries(orderId, true)).toEqual({
        entries: entries.toSorted(
          (a, b) => Number(a.kind === 'order') - Number(b.kind === 'order') || b.atMs - a.atMs,
        ),
        isWhole: true,
      });
      const { ledger } = await source.findOrderRecord(orderId);
      expect(await source.findLedger(orderId)).toEqual(ledger);
      expect(new Set(ledger.map(({ entry }) => entry))).toEqual(new Set(entries));
      for (const row of ledger) {
        const { eventId, kind, atMs, publishedAtMs } = row.entry ?? { eventId: '' };
        expect(row).toMatchObject({ orderId, eventId, kind, atMs, publishedAtMs, erasedAtMs: undefined });
      }
    });

    it('keeps an entry once, however often it is recorded', async () => {
      const orderId = nextOrderId();
      const entries = [paymentEntry(2, { orderId }), orderEntry(1, { orderId })];

      await recordAll([...entries, ...entries]);

      expect((await under.store.findEntries(orderId, true)).entries).toEqual(entries);
    });

    it('reads payments and decisions first, then versions up to the first that is older than the newest', async () => {
      const { store } = under;
      const orderId = nextOrderId();
      const atMs = PUBLISHED_AT_MS + 50;
      const needed: readonly LedgerEntry[] = [
        decisionEntry(90, { orderId }),
        paymentEntry(5, { orderId }),
        paymentEntry(4, { orderId }),
        orderEntry(11, { orderId }, { atMs }),
        orderEntry(12, { orderId, item: 'Book' }, { atMs }),
        orderEntry(10, { orderId }),
      ];
      const older = [orderEntry(9, { orderId }), orderEntry(8, { orderId })];
      await recordAll([...older, ...needed].toReversed());

      expect(await store.findEntries(orderId, false)).toEqual({ entries: needed, isWhole: true });
      expect(await store.findEntries(orderId, true)).toEqual({
        entries: [...needed, ...older],
        isWhole: true,
      });
    });

    it.each([
      ['in the first page', 10, 10],
      ['at the end of the first page', 10, 40],
      ['at the start of the second page', 10, 41],
      ['in the second page', 70, 5],
    ])('reads on page by page, and stops %s', async (_where, payments, versions) => {
      const { store } = under;
      const orderId = nextOrderId();
      const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
      const paid = numbers(payments).map((number) => paymentEntry(1_000 - number, { orderId }));
      const sameTime = numbers(versions).map((number) =>
        orderEntry(number, { orderId }, { atMs: PUBLISHED_AT_MS + 900 }),
      );
      const older = numbers(60).map((number) => orderEntry(800 - number, { orderId }));
      await recordAll([...older, ...paid, ...sameTime]);

      const some = await store.findEntries(orderId, false);
      const all = await store.findEntries(orderId, true);

      expect(some).toEqual({ entries: [...paid, ...sameTime, ...older.slice(0, 1)], isWhole: true });
      expect(all).toEqual({ entries: [...paid, ...sameTime, ...older], isWhole: true });
    });

    it('lets the newest version win, even when an older one is recorded last', async () => {
      const orderId = nextOrderId();

      await recordAll([orderEntry(5, { orderId, item: 'new' })]);
      await recordAll([orderEntry(4, { orderId, item: 'old' })]);

      expect((await under.source.findOrderRecord(orderId)).fact?.order.item).toBe('new');
    });

    it('shows no customer of an older version on a guest’s version', async () => {
      const orderId = nextOrderId();

      await recordAll([orderEntry(4, { orderId })]);
      await recordAll([orderEntry(5, { orderId, customerId: undefined })]);

      expect((await under.source.findOrderRecord(orderId)).fact?.order.customerId).toBeUndefined();
    });

    it('writes every cell at the time that its events give', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();
      const entry = orderEntry(
        7,
        { orderId },
        { eventId: (123).toString(16).padStart(15, '0').padEnd(32, '0') },
      );
      const paid = paymentEntry(8, { orderId });

      await recordAll([entry, paid]);
      expect(await under.factWriteTimes(orderId)).toEqual(timesOf(ORDER_COLUMNS, orderWriteTime(entry)));
      await store.showOrder(show(orderId, [orderWriteTime(entry, 1), {}], [PAID_AT, {}]));

      expect(await under.factWriteTimes(orderId)).toEqual({
        ...timesOf(ORDER_COLUMNS, BigInt(entry.atMs) * 1000n + 231n),
        ...timesOf(PAYMENT_COLUMNS, PAID_AT),
      });
      expect((await source.findOrderRecord(orderId)).paymentWriteTime).toBe(PAID_AT);
      expect(await under.ledgerWriteTimes(orderId, 'kind')).toEqual({
        [entry.eventId]: ledgerWriteTime(entry),
        [paid.eventId]: ledgerWriteTime(paid),
      });
    });

    it('shows what was seen by more, whichever is written last', async () => {
      const { store, source } = under;
      const [first, second] = [nextOrderId(), nextOrderId()];
      const views = (orderId: bigint) => [
        show(orderId, [7n, { item: 'one' }], [1_000_000_999n, { paymentId: 1n, cardLastFour: '0009' }]),
        show(orderId, [8n, { item: 'both' }], [2_000_000_001n, { paymentId: 2n, cardLastFour: undefined }]),
      ];

      for (const view of views(first)) await store.showOrder(view);
      for (const view of views(second).toReversed()) await store.showOrder(view);

      for (const orderId of [first, second]) {
        const { fact } = await source.findOrderRecord(orderId);
        expect(fact?.order.item).toBe('both');
        expect(fact?.payment).toMatchObject({ paymentId: 2n, cardLastFour: undefined });
      }
    });

    it('lets the larger value win when write times are equal, and nothing over anything', async () => {
      const { store, source } = under;
      const [first, second] = [nextOrderId(), nextOrderId()];
      const views = (orderId: bigint) => [
        show(orderId, [7n, { item: 'z', price: 9.5, quantity: 9n, customerId: ID_MAX }]),
        show(orderId, [7n, { item: 'é', price: 10.25, quantity: 10n, customerId: undefined }]),
      ];

      for (const view of views(first)) await store.showOrder(view);
      for (const view of views(second).toReversed()) await store.showOrder(view);

      for (const orderId of [first, second]) {
        expect((await source.findOrderRecord(orderId)).fact?.order).toMatchObject({
          item: 'é',
          price: 10.25,
          quantity: 10n,
          customerId: undefined,
        });
      }
    });

    it('blanks entries together with the row, and a redelivery brings nothing back', async () => {
      const { store, source } = under;
      const orderId = nextOrderId();
      const entries = [paymentEntry(2, { orderId }), orderEntry(1, { orderId })];
      const erasedAtMs = stamp(2).publishedAtMs;
      const blank = { customerId: undefined, shippingAddress: undefined };
      await recordAll(entries);

      await store.showOrder(
        show(orderId, [orderWriteTime(stampedAt(1), 1), blank], [2n * PAID_AT, { cardLastFour: undefined }], {
          entries,
          erasedAtMs,
        }),
      );
      await recordAll(entries);

      const { fact, ledger } = await source.findOrderRecord(orderId);
      expect(fact?.order).toMatchObject({ ...blank, item: 'Laptop' });
      expect(fact?.payment).toMatchObject({ paymentId: 1001n, cardLastFour: undefined });
      expect(ledger.map((row) => row.erasedAtMs)).toEqual([erasedAtMs, erasedAtMs]);
      expect((await store.findEntries(orderId, true)).entries).toEqual([
        { ...paymentEntry(2, { orderId, cardLastFour: undefined }), erasedAtMs },
        { ...orderEntry(1, { orderId, ...blank }), erasedAtMs },
      ]);
      const time = erasureWriteTime(erasedAtMs);
      expect(Object.values(await under.ledgerWriteTimes(orderId, 'erased_at'))).toEqual([time, time]);
    });

    it('keeps one row for each dead letter and reason when it is recorded again', async () => {
      const { store, source } = under;
      const letter = deadLetterOf(77, {
        payload: Buffer.from([0, 255, 10]),
        payloadBytes: 3_000_000_000 % 2 ** 31,
        payloadSha256: 'f'.repeat(64),
        orderId: undefined,
        paymentId: undefined,
      });

      await store.recordDeadLetter(letter);
      await store.recordDeadLetter(letter);
      await store.recordDeadLetter({
        ...letter,
        reason: 'conflict',
        payloadSha256: undefined,
        isRedacted: true,
      });

      const rows = await source.findDeadLetters(deadLetterKeyOf(letter));
      const { payload, sinceMs, ...columns } = letter;
      const row = { ...columns, ...deadLetterKeyOf({ id: letter.id, sinceMs }) };
      expect(rows.toSorted((a, b) => (a.reason > b.reason ? 1 : -1))).toEqual([
        { ...row, reason: 'conflict', payloadSha256: undefined, isRedacted: true },
        row,
      ]);
      expect(Buffer.from(await source.findPayload(deadLetterKeyOf(letter), 'unmatched'))).toEqual(payload);
      expect(await source.findPayload(deadLetterKeyOf(letter), 'rivals')).toHaveLength(0);
    });

    it('keeps the dead letter of a finding once, as the newest of its events tells it', async () => {
      const { store, source } = under;
      const finding: DeadLetter = deadLetterOf(500, { reason: 'conflict', id: 'c'.repeat(32) });
      const later = { toldBy: stamp(501).eventId, publishedAtMs: stamp(501).publishedAtMs };

      await store.recordDeadLetter({ ...finding, ...later });
      await store.recordDeadLetter(finding);

      expect(await source.findDeadLetters(deadLetterKeyOf(finding))).toMatchObject([later]);
    });

    it('scans every order once, with its whole ledger, and every dead letter', async () => {
      const { store, source } = under;
      const orderIds = Array.from({ length: 60 }, nextOrderId);
      await recordAll(
        orderIds.flatMap((orderId) => [
          orderEntry(1, { orderId }),
          orderEntry(2, { orderId }),
          paymentEntry(3, { orderId }),
        ]),
      );
      const letters = orderIds.map((_, index) => deadLetterOf(10_000 + index));
      await Promise.all(letters.map((letter) => store.recordDeadLetter(letter)));

      const records = await Array.fromAsync(source.scanOrders());
      const rows = await Array.fromAsync(source.scanDeadLetters());

      const ofThisTest = records.filter(({ orderId }) => orderIds.includes(orderId));
      expect(ofThisTest.map(({ orderId }) => orderId).toSorted((a, b) => (a > b ? 1 : -1))).toEqual(orderIds);
      for (const record of ofThisTest) {
        expect(record).toEqual(await source.findOrderRecord(record.orderId));
        expect(record.ledger).toHaveLength(3);
      }
      const seen = new Set(rows.map(({ id }) => id));
      expect(letters.filter(({ id }) => !seen.has(id))).toEqual([]);
    });

    it('ends in the same cells and write times for any order of the same concurrent writes', async () => {
      const writes = anyEntries.chain((entries) =>
        fc.record({
          entries: fc.constant(entries),
          views: fc.array(fc.subarray([...entries]), { maxLength: 3 }),
        }),
      );

      await fc.assert(
        fc.asyncProperty(writes, async ({ entries, views }) => {
          const apply = async (orderId: bigint, isReversed: boolean): Promise<unknown> => {
            const steps = [
              ...entries.map((entry) => () => under.store.recordEntry({ ...entry, orderId })),
              ...views.map(
                (view) => () => under.store.showOrder({ ...fold(view), orderId, blanks: undefined }),
              ),
            ];
            const inOrder = isReversed ? [...steps, ...steps].toReversed() : steps;
            await Promise.all(inOrder.map((step) => step()));
            const { fact, ledger } = await under.source.findOrderRecord(orderId);
            return {
              columns: [fact?.order, fact?.payment],
              rows: ledger.map(({ eventId, atMs, kind }) => [eventId, atMs, kind]),
              times: await under.factWriteTimes(orderId),
            };
          };

          const forwards = await apply(nextOrderId(), false);
          const backwardsTwice = await apply(nextOrderId(), true);

          expect(backwardsTwice).toEqual(forwards);
        }),
        { numRuns: 30, seed: 20_261_124 },
      );
    });

    it('lets at least one of two events that race see the other', async () => {
      const { store } = under;

      for (let round = 0; round < 50; round += 1) {
        const orderId = nextOrderId();
        const seenBy = async (entry: LedgerEntry): Promise<number> => {
          await store.recordEntry(entry);
          return (await store.findEntries(orderId, false)).entries.length;
        };

        const seen = await Promise.all([
          seenBy(orderEntry(1, { orderId })),
          seenBy(paymentEntry(2, { orderId })),
        ]);

        expect(seen).toContain(2);
      }
    });
  });
};

const ORDER_COLUMNS = Object.keys(orderCells(anyOrder()));
const PAYMENT_COLUMNS = Object.keys(paymentCells(anyPayment()));

const timesOf = (columns: readonly string[], time: bigint) =>
  Object.fromEntries(columns.map((column) => [column, time]));

const stampedAt = (number: number) => ({ eventId: stamp(number).eventId, atMs: stamp(number).publishedAtMs });

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, isErased } from '../../../shared/domain/fold.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { order, payment, stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { anyEntries } from '../../support/messages/anyEntries.ts';
import { orderCells, paymentCells } from '../../../shared/store/columns.ts';
import { MemoryTable } from '../../../shared/store/memoryTable.ts';
import { orderWriteTime } from '../../../shared/domain/writeTimes.ts';
import { eraseOrder } from '../../../shared/domain/order.ts';
import { erasePayment } from '../../../shared/domain/payment.ts';

/** All entries of `stamp` have the same two digits, so their order columns differ by time and rank only. */
const ORDER_TIME = BigInt(PUBLISHED_AT_MS) * 1000n;
/** What one more payment adds to the write time of the payment columns, and what one that is erased adds. */
const PAYMENT = 10_000_000_000n;
const ERASED = 1_000_000_000n;

describe('an order without entries', () => {
  it('shows nothing, and finds nothing', () => {
    expect(fold([])).toEqual({
      order: undefined,
      payment: undefined,
      findings: [],
      verdicts: [],
      erasedUpToMs: undefined,
      decided: new Set(),
    });
  });
});

describe('the order that is shown', () => {
  const at = (ms: number) => ({ atMs: PUBLISHED_AT_MS + ms });

  it.each([
    ['the only version', [orderEntry(0)], {}, ORDER_TIME],
    [
      'the newest version',
      [orderEntry(0), orderEntry(2, { item: 'B' }), orderEntry(1)],
      { item: 'B' },
      ORDER_TIME + 2000n,
    ],
    [
      'the newest by its producer’s time, not by its publish time',
      [orderEntry(1, { item: 'B' }, at(5)), orderEntry(2)],
      { item: 'B' },
      ORDER_TIME + 5000n,
    ],
    [
      'the same contents of one write time',
      [orderEntry(1, {}, at(0)), orderEntry(2, {}, at(0))],
      {},
      ORDER_TIME,
    ],
    [
      'of two contents of one write time the larger, with a rank',
      [orderEntry(1, { item: 'B' }, at(0)), orderEntry(2, { item: 'C' }, at(0))],
      { item: 'C' },
      ORDER_TIME + 1n,
    ],
    [
      'of three contents of one write time the larger, with the rank of two',
      [orderEntry(1, { item: 'B' }, at(0)), orderEntry(2, {}, at(0)), orderEntry(3, { item: 'A' }, at(0))],
      {},
      ORDER_TIME + 2n,
    ],
    [
      'with the rank of its own write time, not of an older one',
      [orderEntry(1, { item: 'B' }, at(0)), orderEntry(2, {}, at(0)), orderEntry(3, {}, at(1))],
      {},
      ORDER_TIME + 1000n,
    ],
  ] as const)('is %s', (_what, entries, changes, writeTime) => {
    expect(fold(entries).order).toEqual({
      order: order(changes),
      writeTime,
      mustRewrite: writeTime % 10n > 0n,
    });
  });

  it('is, of versions of one millisecond, the one with the larger two digits', () => {
    const eventIds = [99, 98].map((digits) => digits.toString(16).padStart(15, '0').padEnd(32, '0'));
    const entries = eventIds.map((eventId, index) =>
      orderEntry(index, { quantity: BigInt(index + 1) }, { ...at(0), eventId }),
    );

    expect(fold(entries).order).toEqual({
      order: order({ quantity: 1n }),
      writeTime: ORDER_TIME + 990n,
      mustRewrite: false,
    });
  });
});

describe('the payment that is shown', () => {
  const guest = { cardLastFour: undefined };
  it.each([
    ['the only one', [paymentEntry(1)], payment(), { writeTime: PAYMENT }],
    ['the only one, without a card', [paymentEntry(1, guest)], payment(guest), { writeTime: PAYMENT }],
    [
      'the best of several',
      [paymentEntry(1, guest), paymentEntry(2, { paymentId: 7n, paymentStatus: 'declined' })],
      payment(guest),
      { writeTime: 2n * PAYMENT },
    ],
    [
      'the newest word, as one of two entries of one id',
      [paymentEntry(1), paymentEntry(2, { paymentStatus: 'refunded' })],
      payment({ paymentStatus: 'refunded' }),
      { writeTime: 2n * PAYMENT },
    ],
  ] as const)('is %s', (_what, entries, shown, rest) => {
    expect(fold(entries).payment).toEqual({ payment: shown, ...rest });
  });

  it('is there before the order is', () => {
    expect(fold([paymentEntry(1)])).toMatchObject({ order: undefined, payment: { payment: payment() } });
  });

  it('has the nine digits of all entries in its write time', () => {
    const eventId = (123).toString(16).padStart(15, '0').padEnd(32, '0');

    expect(fold([paymentEntry(1, {}, { eventId })]).payment?.writeTime).toBe(PAYMENT + 123n);
  });
});

describe('the verdicts and findings', () => {
  it('are those of all entries', () => {
    const entries = [orderEntry(1), paymentEntry(2), paymentEntry(3, { paymentId: 7n })];

    const { verdicts, findings } = fold(entries);

    expect(verdicts).toEqual([entries[2], entries[1]]);
    expect(findings).toMatchObject([{ reason: 'conflict', ids: ['1001', '7'] }]);
  });
});

describe('an erasure', () => {
  it('is known from a row that it has blanked, when the read has not seen the erasure', () => {
    const blank = { ...orderEntry(1, { customerId: undefined }), erasedAtMs: stamp(2).publishedAtMs };
    const atMs = blank.atMs;
    const later = orderEntry(3, {}, { atMs });

    const { erasedUpToMs, findings } = fold([blank, later]);

    expect({ erasedUpToMs, findings }).toEqual({ erasedUpToMs: stamp(2).publishedAtMs, findings: [] });
  });

  const blankOrder = order({ customerId: undefined, shippingAddress: undefined });

  it('blanks what was published up to it, the same millisecond included', () => {
    const entries = [decisionEntry(2), orderEntry(2), paymentEntry(2)];

    expect(fold(entries)).toMatchObject({
      order: { order: blankOrder, writeTime: stampTime(2) + 1n, mustRewrite: true },
      payment: { payment: payment({ cardLastFour: undefined }), writeTime: PAYMENT + ERASED },
      erasedUpToMs: stamp(2).publishedAtMs,
    });
  });

  it('leaves what was published later, and still raises the rank of the order', () => {
    const entries = [decisionEntry(2), orderEntry(3), paymentEntry(3)];

    expect(fold(entries)).toMatchObject({
      order: { order: order(), writeTime: stampTime(3) + 1n, mustRewrite: true },
      payment: { payment: payment(), writeTime: PAYMENT },
    });
  });

  it('goes by the publish time, not by the producer’s', () => {
    const entries = [decisionEntry(2), orderEntry(3, {}, { atMs: PUBLISHED_AT_MS })];

    expect(fold(entries).order?.order).toEqual(order());
  });

  it('is as late as the latest of several, and each counts in the rank of the order', () => {
    const entries = [decisionEntry(5), decisionEntry(2), orderEntry(3), paymentEntry(3)];

    expect(fold(entries)).toMatchObject({
      order: { order: blankOrder, writeTime: stampTime(3) + 2n },
      payment: { writeTime: PAYMENT + ERASED },
      erasedUpToMs: stamp(5).publishedAtMs,
    });
  });

  it('counts every version that it covers, though their contents are equal now', () => {
    const atMs = PUBLISHED_AT_MS;
    const entries = [
      orderEntry(1, { customerId: 9n }, { atMs }),
      orderEntry(2, { customerId: 1n }, { atMs }),
      orderEntry(3, { customerId: 1n, item: 'Pen' }, { atMs }),
    ];

    expect(fold(entries).order).toMatchObject({ writeTime: ORDER_TIME + 2n, order: { item: 'Laptop' } });
    expect(fold([...entries, decisionEntry(4)]).order).toMatchObject({
      writeTime: ORDER_TIME + 3n,
      order: { item: 'Pen' },
    });
  });

  const stampTime = (number: number): bigint => BigInt(stamp(number).publishedAtMs) * 1000n;
});

describe('an entry', () => {
  it.each([
    ['before the erasure', 1, true],
    ['at the time of the erasure', 2, true],
    ['after the erasure', 3, false],
  ] as const)('%s is erased: %s', (_what, number, isIt) => {
    expect(isErased(stamp(number), stamp(2).publishedAtMs)).toBe(isIt);
  });

  it('is not erased where there is no erasure', () => {
    expect(isErased(stamp(1), undefined)).toBe(false);
  });
});

describe('what is decided', () => {
  it('are the dead letters that decisions name, and not what an erasure says', () => {
    const entries = [
      decisionEntry(1, { decision: 'resolved', ref: 'aa' }),
      decisionEntry(2, { decision: 'discarded', ref: 'bb' }),
      decisionEntry(3, { decision: 'erased', ref: 'cc' }),
      orderEntry(4),
      paymentEntry(5),
    ];

    expect(fold(entries).decided).toEqual(new Set(['aa', 'bb']));
  });

  it('changes nothing in the row, and erases nothing', () => {
    const entries = [orderEntry(1), paymentEntry(2)];

    expect(fold([...entries, decisionEntry(3, { decision: 'resolved', ref: 'aa' })])).toEqual({
      ...fold(entries),
      decided: new Set(['aa']),
    });
  });
});

describe('for any entries', () => {
  const shuffled = anyEntries.chain((entries) =>
    fc.record({
      entries: fc.constant(entries),
      others: fc.shuffledSubarray([...entries], { minLength: entries.length }),
    }),
  );

  it('the order in which they are read changes nothing', () => {
    fc.assert(
      fc.property(shuffled, ({ entries, others }) => {
        expect(fold(others)).toEqual(fold(entries));
      }),
    );
  });

  it('versions older than the newest change nothing', () => {
    const newestAtMs = (entries: readonly LedgerEntry[]) =>
      Math.max(...entries.filter(({ kind }) => kind === 'order').map(({ atMs }) => atMs));

    fc.assert(
      fc.property(anyEntries, (entries) => {
        const needed = entries.filter(({ kind, atMs }) => kind !== 'order' || atMs === newestAtMs(entries));
        expect(fold(needed)).toEqual(fold(entries));
      }),
    );
  });

  it('each finding is told by the last of those who take part in it, with the same id', () => {
    fc.assert(
      fc.property(shuffled, ({ others: recorded }) => {
        for (const { reason, ids, eventIds } of fold(recorded).findings) {
          const last = recorded.findLastIndex(({ eventId }) => eventIds.has(eventId));
          const seen = fold(recorded.slice(0, last + 1)).findings;
          const told = seen.filter((finding) => finding.eventIds.has(recorded[last]?.eventId ?? ''));
          expect(told.map((finding) => [finding.reason, ...finding.ids])).toContainEqual([reason, ...ids]);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  /** What each delivery has seen when it shows the order: some entries, some of them blanked already. */
  const views = anyEntries.chain((entries) =>
    fc.record({
      entries: fc.constant(entries),
      seen: fc.array(fc.tuple(fc.subarray([...entries]), fc.boolean()), { maxLength: 4 }),
      last: fc.nat(4),
    }),
  );

  it('the view of all has the last word on the row, and no view shows parts of two payments (I5)', () => {
    fc.assert(
      fc.property(views, ({ entries, seen, last }) => {
        const { order: shown, payment: paid, erasedUpToMs } = fold(entries);
        const table = new MemoryTable();
        for (const entry of entries) {
          if (entry.kind === 'order') table.write('1', orderCells(entry.order), orderWriteTime(entry));
        }
        const partial = seen.map(([some, isBlank]) =>
          isBlank ? some.map((entry) => blanked(entry, erasedUpToMs)) : some,
        );
        for (const view of partial.toSpliced(last, 0, [...entries])) {
          show(table, view);
          expectOnePayment(table, entries);
        }

        if (shown === undefined) return;
        const whole = new MemoryTable();
        whole.write('1', { ...orderCells(shown.order), ...(paid && paymentCells(paid.payment)) }, 0n);
        expect(withoutNulls(table)).toEqual(withoutNulls(whole));
      }),
      { numRuns: 1_000 },
    );
  });

  it('a view of all payments is not beaten by one that misses some and knows of an erasure (I3)', () => {
    fc.assert(
      fc.property(views, fc.array(fc.boolean()), ({ entries, seen, last }, knows) => {
        const messages = entries.filter(({ kind }) => kind !== 'decision');
        const decisions = entries.filter(({ kind }, index) => kind === 'decision' && knows[index] === true);
        const table = new MemoryTable();
        const partial = seen.map(([some]) => some);
        const written = partial.toSpliced(last, 0, [...messages, ...decisions]);
        for (const view of written) show(table, view);

        if (!messages.some(({ kind }) => kind === 'order')) return;
        const payments = messages.filter(({ kind }) => kind === 'payment');
        const whole = written.filter(
          (view) => payments.every((one) => view.includes(one)) && view.some(({ kind }) => kind === 'order'),
        );
        const rightOnes = whole.map((view) => fold(view).payment?.payment.paymentId);
        expect(rightOnes).toContainEqual(table.read('1')?.payment_id);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** What step 4 of the protocol writes. */
const show = (table: MemoryTable, entries: readonly LedgerEntry[]): void => {
  const { order: shown, payment: paid } = fold(entries);
  if (shown === undefined || (paid === undefined && !shown.mustRewrite)) return;
  table.write('1', orderCells(shown.order), shown.writeTime);
  if (paid !== undefined) table.write('1', paymentCells(paid.payment), paid.writeTime);
};

/** The row has the columns of one payment, whole, erased or not. It has none before the order is there. */
const expectOnePayment = (table: MemoryTable, entries: readonly LedgerEntry[]): void => {
  const row = table.read('1') ?? {};
  if (row.payment_id === undefined) return;
  const payments = entries.flatMap((entry) =>
    entry.kind === 'payment' ? [entry.payment, erasePayment(entry.payment)] : [],
  );
  const shown = Object.keys(paymentCells(payment())).map((column) => row[column]);
  expect(payments.map((one) => Object.values(paymentCells(one)))).toContainEqual(shown);
};

const blanked = (entry: LedgerEntry, erasedUpToMs: number | undefined): LedgerEntry => {
  if (entry.kind === 'decision' || !isErased(entry, erasedUpToMs)) return entry;
  return entry.kind === 'order'
    ? { ...entry, order: eraseOrder(entry.order) }
    : { ...entry, payment: erasePayment(entry.payment) };
};

const withoutNulls = (table: MemoryTable) =>
  Object.fromEntries(Object.entries(table.read('1') ?? {}).filter(([, value]) => value !== null));

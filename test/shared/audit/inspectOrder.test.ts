import { describe, expect, it } from 'vitest';
import { inspectOrder } from '../../../shared/audit/inspectOrder.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { LEDGER_CHARACTERS_MAX, LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { factRow, ledgerRow, orderColumns, orderRecord } from '../../support/messages/records.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { stamp } from '../../support/messages/domain.ts';

/** What the audit says of order 1 when these entries have been accepted. */
const inspected = async (...entries: readonly LedgerEntry[]) => {
  const store = createMemoryStore();
  await acceptAll(store, ...entries);
  const inspection = inspectOrder(await store.findOrderRecord(1n));
  expect(inspection.violations).toEqual([]);
  return inspection;
};

describe('an order counts', () => {
  it.for<[string | undefined, string, readonly LedgerEntry[]]>([
    [undefined, 'no payment', [orderEntry(1)]],
    ['succeeded', 'a payment that succeeded', [orderEntry(1), paymentEntry(2)]],
    ['failed', 'one that failed', [orderEntry(1), paymentEntry(2, { paymentStatus: 'Declined' })]],
    ['refunded', 'one that was refunded', [orderEntry(1), paymentEntry(2, { paymentStatus: 'Refunded' })]],
    ['pending', 'one that is pending', [orderEntry(1), paymentEntry(2, { paymentStatus: 'authorised' })]],
    ['unknown', 'one with an unknown word', [orderEntry(1), paymentEntry(2, { paymentStatus: 'frozen' })]],
    [undefined, 'a payment that waits', [paymentEntry(2)]],
  ])('as %s with %s', async ([status, , entries]) => {
    expect((await inspected(...entries)).shownStatus).toBe(status);
  });
});

describe('the findings of an order', () => {
  const twice = [orderEntry(1), paymentEntry(2), paymentEntry(3, { paymentId: 7n })] as const;

  it.for<[string, readonly LedgerEntry[]]>([
    ['conflict', twice],
    ['changed', [orderEntry(1), paymentEntry(2), paymentEntry(3, { cardLastFour: '9999' })]],
    [
      'rivals',
      [
        orderEntry(1, {}, { publishedAtMs: PUBLISHED_AT_MS }),
        orderEntry(2, { orderStatus: 'Pending' }, { publishedAtMs: PUBLISHED_AT_MS }),
      ],
    ],
  ])('have %s, which must have been told', async ([reason, entries]) => {
    const { findings, reports } = await inspected(...entries);

    expect(findings.map((finding) => finding.reason)).toEqual([reason]);
    expect(reports.map((report) => report.reason)).toEqual([reason]);
  });

  it('are silent once an operator has resolved them', async () => {
    const [report] = (await inspected(...twice)).reports;
    const resolved = decisionEntry(9, { decision: 'resolved', ref: report?.id ?? '' });

    expect(await inspected(...twice, resolved)).toMatchObject({ findings: [], reports: [] });
  });

  it('speak again when the ledger says something new', async () => {
    const [report] = (await inspected(...twice)).reports;
    const resolved = decisionEntry(9, { decision: 'resolved', ref: report?.id ?? '' });

    const { findings } = await inspected(...twice, resolved, paymentEntry(10, { paymentId: 8n }));

    expect(findings).toMatchObject([{ reason: 'conflict', ids: ['1001', '7', '8'] }]);
  });
});

describe('the payments of an order', () => {
  it('are counted by payment id, whatever number of events said so', async () => {
    const { payments } = await inspected(
      paymentEntry(3),
      paymentEntry(1),
      paymentEntry(4, { paymentMethod: 'Apple Pay' }),
      paymentEntry(2, { paymentId: 7n, paymentStatus: 'frozen' }),
    );

    expect(payments.toSorted((a, b) => Number(b.paymentId - a.paymentId))).toEqual([
      {
        paymentId: 1001n,
        publishedAtMs: stamp(1).publishedAtMs,
        unknownWords: [],
        repeats: 1,
        isDiscarded: false,
      },
      {
        paymentId: 7n,
        publishedAtMs: stamp(2).publishedAtMs,
        unknownWords: ['frozen'],
        repeats: 0,
        isDiscarded: false,
      },
    ]);
  });

  it('that wait must have been told, each event, until an operator discards it', async () => {
    const early = [paymentEntry(1), paymentEntry(2)] as const;
    const discard = (number: number) =>
      decisionEntry(10 + number, { decision: 'discarded', ref: stamp(number).eventId });

    const waiting = await inspected(...early);
    const half = await inspected(...early, discard(1));
    const none = await inspected(...early, discard(1), discard(2));

    expect(waiting.reports.map(({ id }) => id).toSorted()).toEqual([stamp(1).eventId, stamp(2).eventId]);
    expect(half.reports.map(({ id }) => id)).toEqual([stamp(2).eventId]);
    expect(none.reports).toEqual([]);
    expect([waiting, half, none].map(({ payments }) => payments[0]?.isDiscarded)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('with a refund under an id of its own are counted, and no finding', async () => {
    const refund = paymentEntry(3, { paymentId: 7n, paymentStatus: 'Refunded' });

    const apart = await inspected(orderEntry(1), paymentEntry(2), refund);
    const same = await inspected(
      orderEntry(1),
      paymentEntry(2),
      paymentEntry(3, { paymentStatus: 'Refunded' }),
    );

    expect(apart).toMatchObject({ isRefundedApart: true, findings: [] });
    expect(same).toMatchObject({ isRefundedApart: false, findings: [] });
  });
});

describe('the versions of an order', () => {
  it('that name different customers are counted, and a guest is none of them', async () => {
    const reused = await inspected(orderEntry(1), orderEntry(2, { customerId: 101n }));
    const guest = await inspected(orderEntry(1), orderEntry(2, { customerId: undefined }));

    expect([reused.isReused, guest.isReused]).toEqual([true, false]);
    expect(reused.findings).toEqual([]);
  });

  it('with a time that was not believed are counted', async () => {
    const refused = { occurredAtMs: PUBLISHED_AT_MS + 3_600_000 };
    const believed = { occurredAtMs: stamp(3).publishedAtMs };

    const { clocksRefused } = await inspected(
      orderEntry(1, {}, refused),
      paymentEntry(2, {}, refused),
      orderEntry(3, {}, believed),
    );

    expect(clocksRefused).toBe(2);
  });
});

describe('a ledger with more entries than are read', () => {
  const payments = Array.from({ length: LEDGER_ENTRIES_MAX + 1 }, (_, number) =>
    ledgerRow(paymentEntry(number)),
  );
  const fact = factRow({ order: orderColumns() });

  it('is cut: its row is not kept up to date any more, and only the first entries count', () => {
    const found = inspectOrder(orderRecord({ fact, ledger: payments }));

    expect(found).toMatchObject({ isCut: true, orderExists: true, violations: [] });
    expect(found.findings.map(({ reason }) => reason)).toEqual(['too_many']);
    // Nobody must have been told exactly what the first entries show.
    expect(found.reports).toEqual([]);
  });

  it('is cut by the length of its texts, too', () => {
    const text = 'x'.repeat(2_000);
    const long = Array.from({ length: LEDGER_CHARACTERS_MAX / text.length + 1 }, (_, number) =>
      ledgerRow(paymentEntry(number, { paymentDatetime: text })),
    );

    const found = inspectOrder(orderRecord({ fact, ledger: long }));

    expect(found).toMatchObject({ isCut: true, reports: [], violations: [] });
    expect(found.findings.map(({ reason }) => reason)).toEqual(['too_many']);
  });

  it('is judged all the same when only old versions of the order are left out', () => {
    const ledger = Array.from({ length: LEDGER_ENTRIES_MAX + 1 }, (_, number) =>
      ledgerRow(orderEntry(LEDGER_ENTRIES_MAX - number)),
    );

    const right = inspectOrder(orderRecord({ fact, ledger }));
    const wrong = inspectOrder(
      orderRecord({ fact: factRow({ order: orderColumns({ item: 'Book' }) }), ledger }),
    );

    expect(right).toMatchObject({ isCut: false, violations: [] });
    expect(wrong.violations.map(({ promise }) => promise)).toEqual(['I4']);
  });
});

import { describe, expect, it } from 'vitest';
import { formatOrder, toJsonOrder } from '../../cli/formatOrder.ts';
import {
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../support/messages/records.ts';

const paid = factRow({ order: orderColumns(), payment: paymentColumns() });
const unpaid = factRow({ order: orderColumns() });
const AT_MS = 1_705_831_300_000;
const AT = '2024-01-21T10:01:40.000Z';

const linesOf = (...view: Parameters<typeof formatOrder>): string[] => formatOrder(...view).split('\n');

describe('the first line about an order', () => {
  it.each([
    [
      'has its payment',
      { fact: paid, ledger: [ledgerRow(1)] },
      'Order 1 is here. It shows payment 1001: Completed.',
    ],
    ['has no payment', { fact: unpaid }, 'Order 1 is here. It has no payment.'],
    ['has not come', {}, 'Order 1 has not come.'],
    ['is waited for', { ledger: [ledgerRow(1)] }, 'Order 1 has not come. One payment event waits for it.'],
    [
      'is waited for by many',
      { ledger: [ledgerRow(1), ledgerRow(2)] },
      'Order 1 has not come. 2 payment events wait for it.',
    ],
    [
      'has not come, though a payment made its row',
      { fact: factRow({ payment: paymentColumns() }), ledger: [ledgerRow(1)] },
      'Order 1 has not come. One payment event waits for it.',
    ],
  ])('says what it comes to where the order %s', (_what, record, said) => {
    expect(linesOf({ record: orderRecord(record), deadLetters: [] })[0]).toBe(said);
  });

  it('is followed by all payments where there are several', () => {
    const ledger = [ledgerRow(1), ledgerRow(2, { paymentId: 2001n })];

    const lines = linesOf({ record: orderRecord({ fact: paid, ledger }), deadLetters: [] });

    expect(lines[1]).toBe('It has 2 payments, 1001, 2001. A row shows the payment that was published last.');
  });
});

describe('the row', () => {
  it('has every column, and "unset" where there is nothing', () => {
    const lines = linesOf({ record: orderRecord({ fact: unpaid }), deadLetters: [] });

    expect(lines.slice(3, 16)).toEqual([
      '  order_id          1',
      '  customer_id       100',
      '  item              Laptop',
      '  quantity          2',
      '  price             457.0966360351904',
      '  shipping_address  123 Main St, City A, Country',
      '  order_status      Shipped',
      '  creation_date     2024-01-21',
      '  payment_id        unset',
      '  payment_method    unset',
      '  card_last_four    unset',
      '  payment_status    unset',
      '  payment_datetime  unset',
    ]);
  });

  it('shows what a terminal would obey by its number, and an empty text as one', () => {
    const fact = factRow({ order: orderColumns({ item: '\u001b[2J\nPhone\u202e', orderStatus: '' }) });

    const lines = linesOf({ record: orderRecord({ fact }), deadLetters: [] });

    expect(lines).toContain('  item              \\u{1b}[2J\\u{a}Phone\\u{202e}');
    expect(lines).toContain('  order_status      ""');
  });
});

describe('the payment events', () => {
  it('come oldest first, whatever order the table has', () => {
    const ledger = [ledgerRow(2, { paymentId: 1n }), ledgerRow(1, { paymentId: 2n })];

    const lines = linesOf({ record: orderRecord({ ledger }), deadLetters: [] });

    expect(lines.filter((line) => /^ {2}payment/.test(line))).toEqual([
      '  payment 2: Completed',
      '  payment 1: Completed',
    ]);
  });

  it.each([
    ['is joined at once', paid, false, 'not parked'],
    ['waits', undefined, true, 'parked: it waits for its order'],
    ['waited', paid, true, 'parked, then joined to its order'],
  ])('say whether a payment %s', (_what, fact, isParked, said) => {
    const record = orderRecord({ fact, ledger: [{ ...ledgerRow(1), isParked }] });

    expect(linesOf({ record, deadLetters: [] })).toContain(`    ${said}`);
  });

  it('have an unset status where the ledger has lost columns', () => {
    const record = orderRecord({ fact: paid, ledger: [{ ...ledgerRow(1), payment: undefined }] });

    expect(linesOf({ record, deadLetters: [] })).toContain('  payment 1001: unset');
  });

  it('are cut to the newest 50 for a person, and not for a machine', () => {
    const ledger = Array.from({ length: 60 }, (_, index) => ledgerRow(index, { paymentId: BigInt(index) }));
    const view = { record: orderRecord({ ledger }), deadLetters: [] };

    const lines = linesOf(view).filter((line) => /^ {2}(?:payment|\()/.test(line));
    expect(lines).toHaveLength(51);
    expect(lines[0]).toBe('  (10 older ones are left out; --json prints them all)');
    expect(lines.at(-1)).toBe('  payment 59: Completed');
    expect(JSON.parse(toJsonOrder(view)).ledger).toHaveLength(60);
  });
});

describe('the dead letters', () => {
  const here = orderRecord({ fact: paid, ledger: [ledgerRow(1)] });
  const awaited = orderRecord({ ledger: [ledgerRow(1)] });

  it.each([
    ['open', awaited, {}, 'open: its payment waits for the order'],
    [
      'open after it was sent again',
      awaited,
      { redrivenAtMs: AT_MS },
      `open: its payment waits for the order; sent again at ${AT}`,
    ],
    ['matched', here, { matchedAtMs: AT_MS }, `matched at ${AT}`],
    ['discarded', here, { discardedAtMs: AT_MS }, `discarded at ${AT}`],
    ['not marked yet', here, {}, 'not marked as matched yet, though the order is here'],
    ['final', here, { reason: 'conflict' as const }, 'final: a person has to decide'],
  ])('say what is to do when one is %s', (_what, record, changes, said) => {
    const lines = linesOf({ record, deadLetters: [deadLetterRow(1, changes)] });

    expect(lines).toContain(`    ${said}`);
  });

  it('have every time in JSON, null where there is none', () => {
    const deadLetters = [deadLetterRow(1, { matchedAtMs: AT_MS })];

    expect(JSON.parse(toJsonOrder({ record: here, deadLetters })).deadLetters).toEqual([
      {
        reason: 'unmatched',
        error: 'order 1 has not come yet',
        payment_id: '1001',
        origin_topic: 'payments_data',
        origin_message_id: '17',
        published_at: '2024-01-21T10:00:00.124Z',
        recorded_at: '2024-01-21T10:00:01.123Z',
        matched_at: AT,
        redriven_at: null,
        discarded_at: null,
        redrive_count: 0,
        redacted: false,
        event_id: '00000000000000000000000000000001',
        open: false,
      },
    ]);
  });
});

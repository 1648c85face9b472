import { describe, expect, it } from 'vitest';
import { formatOrder, toJsonOrder } from '../../cli/formatOrder.ts';
import { LEDGER_CHARACTERS_MAX } from '../../shared/store/store.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';
import {
  deadLetterAction,
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../support/messages/records.ts';
import { stamp } from '../support/messages/domain.ts';

const paid = factRow({ order: orderColumns(), payment: paymentColumns() });
const unpaid = factRow({ order: orderColumns() });
const ORDER = ledgerRow(orderEntry(1));
const PAYMENT = ledgerRow(paymentEntry(2));
const SECOND = ledgerRow(paymentEntry(3, { paymentId: 7n }));
const DISCARDED = ledgerRow(decisionEntry(4, { decision: 'discarded', ref: stamp(2).eventId }));
const NONE = { deadLetters: [], areDeadLettersCut: false, actions: new Map() };
const AT_MS = 1_705_831_300_000;
const AT = '2024-01-21T10:01:40.000Z';

const linesOf = (view: Parameters<typeof formatOrder>[0]): string[] =>
  formatOrder(view, 'grep it').split('\n');

describe('the first line about an order', () => {
  it.each([
    [
      'has its payment',
      { fact: paid, ledger: [ORDER, PAYMENT] },
      'Order 1 is here. It shows payment 1001: Completed.',
    ],
    ['has no payment', { fact: unpaid, ledger: [ORDER] }, 'Order 1 is here. It has no payment.'],
    ['has not come', {}, 'Order 1 has not come.'],
    ['is waited for', { ledger: [PAYMENT] }, 'Order 1 has not come. One payment waits for it.'],
    ['is waited for by many', { ledger: [PAYMENT, SECOND] }, 'Order 1 has not come. 2 payments wait for it.'],
    ['is waited for by nobody any more', { ledger: [PAYMENT, DISCARDED] }, 'Order 1 has not come.'],
    [
      'is waited for by one of two',
      { ledger: [PAYMENT, DISCARDED, SECOND] },
      'Order 1 has not come. One payment waits for it.',
    ],
  ])('says what it comes to where the order %s', (_what, record, said) => {
    expect(linesOf({ record: orderRecord(record), ...NONE })[0]).toBe(said);
  });

  it('is followed by what people must look at', () => {
    const record = orderRecord({ fact: unpaid, ledger: [ORDER, PAYMENT, SECOND] });

    const lines = linesOf({ record, ...NONE });

    expect(lines.slice(1, 3)).toEqual([
      'conflict: order 1 is paid by 2 payments: 1001, 7.',
      'Broken or in progress: I3: order 1 and its payment 7 are both here but not joined.',
    ]);
  });
});

describe('an order with too many events', () => {
  it('says so on a line of its own', () => {
    const paymentDatetime = 'x'.repeat(LEDGER_CHARACTERS_MAX + 1);
    const ledger = [ledgerRow(paymentEntry(1, { paymentDatetime }))];

    expect(linesOf({ record: orderRecord({ fact: unpaid, ledger }), ...NONE })[2]).toMatch(
      /^too_many: order 1 /,
    );
  });
});

describe('the row', () => {
  it('has every column, and "unset" where there is nothing', () => {
    const lines = linesOf({
      record: orderRecord({ fact: unpaid, ledger: [ORDER] }),
      ...NONE,
    });

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

    const lines = linesOf({ record: orderRecord({ fact }), ...NONE });

    expect(lines).toContain('  item              \\u{1b}[2J\\u{a}Phone\\u{202e}');
    expect(lines).toContain('  order_status      ""');
  });
});

describe('the ledger', () => {
  it('has orders, payments and decisions, oldest first, whatever order the table has', () => {
    const record = orderRecord({
      fact: paid,
      ledger: [
        ledgerRow(
          decisionEntry(3, {
            decision: 'resolved',
            ref: 'abc',
            because: 'they\npaid twice',
            decidedBy: 'ann@example.com',
          }),
        ),
        ledgerRow(paymentEntry(2, {}, { occurredAtMs: AT_MS, atMs: AT_MS })),
        ledgerRow(orderEntry(1), { erasedAtMs: AT_MS }),
        { ...SECOND, entry: undefined, publishedAtMs: AT_MS },
      ],
    });

    const lines = linesOf({ record, ...NONE });

    const from = lines.indexOf('Events in ledger_by_order: 4, oldest first');
    expect(lines.slice(from + 1, from + 11)).toEqual([
      '  order: Shipped',
      `    published 2024-01-21T10:00:00.124Z, event ${stamp(1).eventId}`,
      `    a person’s data was erased at ${AT}`,
      '  payment 1001: Completed',
      `    published 2024-01-21T10:00:00.125Z, event ${stamp(2).eventId}`,
      `    happened ${AT}, as its producer says`,
      '  decision: resolved dead letter abc, by ann@example.com: they\\u{a}paid twice',
      `    published 2024-01-21T10:00:00.126Z, event ${stamp(3).eventId}`,
      '  payment: it has lost columns',
      `    published ${AT}, event ${stamp(3).eventId}`,
    ]);
  });

  it('is cut to the newest 50 for a person, and not for a machine', () => {
    const ledger = Array.from({ length: 60 }, (_, index) =>
      ledgerRow(paymentEntry(index, { paymentId: BigInt(index) })),
    );
    const view = { record: orderRecord({ ledger }), ...NONE };

    const lines = linesOf(view).filter((line) => /^ {2}(?:payment|\()/.test(line));
    expect(lines).toHaveLength(51);
    expect(lines[0]).toBe('  (10 older ones are left out; --json prints them all)');
    expect(lines.at(-1)).toBe('  payment 59: Completed');
    expect(JSON.parse(toJsonOrder(view)).ledger).toHaveLength(60);
  });
});

describe('the dead letters', () => {
  const discarded = ledgerRow(decisionEntry(9, { decision: 'discarded', ref: stamp(2).eventId }));

  it.each([
    ['its payment waits', [PAYMENT], {}, 'open: it still stands, and nobody has decided'],
    ['its order has come', [PAYMENT, ORDER], {}, 'closed'],
    ['somebody has discarded it', [PAYMENT, discarded], {}, 'closed'],
    [
      'it was never accepted',
      [],
      { reason: 'invalid' as const },
      'open: it was not accepted, and nobody has edited or discarded it',
    ],
  ])('say whether one is open when %s', (_what, ledger, changes, said) => {
    const deadLetters = [deadLetterRow(2, changes)];
    const view = { record: orderRecord({ ledger }), ...NONE, deadLetters };

    expect(linesOf(view)).toContain(`    ${said}`);
    expect(JSON.parse(toJsonOrder(view)).dead_letters).toMatchObject([{ open: said.startsWith('open') }]);
  });

  it('say that there are more than these', () => {
    const view = { record: orderRecord({}), ...NONE, deadLetters: [deadLetterRow(2)] };
    const cut = { ...view, areDeadLettersCut: true };
    const said = '  Only the first are read here: "npx tally dlq ls --order 1" reads all.';

    expect(linesOf(cut)).toContain(said);
    expect(linesOf(view)).not.toContain(said);
    expect(JSON.parse(toJsonOrder(cut))).toMatchObject({ are_dead_letters_cut: true });
  });

  it('say what operators did with each of them', () => {
    const redriven = deadLetterAction({ kind: 'redriven', redrives: 2, detail: '77', actedAtMs: AT_MS });
    const other = deadLetterAction({ reason: 'conflict' });
    const actions = new Map([[stamp(2).eventId, [redriven, other]]]);
    const view = {
      record: orderRecord({ ledger: [PAYMENT] }),
      ...NONE,
      deadLetters: [deadLetterRow(2)],
      actions,
    };

    expect(linesOf(view)).toContain(`    redriven (time 2) at ${AT} by ann as message 77: it may work now`);
    expect(JSON.parse(toJsonOrder(view)).dead_letters[0].actions).toMatchObject([
      { action: 'redriven', acted_at: AT, operator: 'ann', redrives: 2, detail: '77' },
    ]);
  });
});

describe('the JSON of an order', () => {
  it('has every column by its name, null where there is nothing, and what is computed', () => {
    const record = orderRecord({ fact: paid, ledger: [PAYMENT, SECOND, ORDER] });

    expect(JSON.parse(toJsonOrder({ record, ...NONE, deadLetters: [deadLetterRow(2)] }))).toMatchObject({
      order_id: '1',
      findings: [{ reason: 'conflict', ids: ['1001', '7'] }],
      problems: ['I4: order 1 shows payment 1001 as the ledger does not say it'],
      row: { order_id: '1', payment_id: '1001' },
      ledger: [
        {
          kind: 'order',
          event_id: stamp(1).eventId,
          at: '2024-01-21T10:00:00.124Z',
          published_at: '2024-01-21T10:00:00.124Z',
          erased_at: null,
          occurred_at: null,
          customer_id: '100',
          item: 'Laptop',
        },
        { kind: 'payment', ref: '1001', payment_status: 'Completed' },
        { kind: 'payment', ref: '7' },
      ],
      dead_letters: [
        {
          id: stamp(2).eventId,
          reason: 'unmatched',
          error: 'payment 1001 waits for order 1',
          told_by: stamp(2).eventId,
          payment_id: '1001',
          origin_topic: 'payments_data',
          origin_message_id: '17',
          published_at: '2024-01-21T10:00:00.125Z',
          recorded_at: '2024-01-21T10:00:01.123Z',
          redrive_count: 0,
          redacted: false,
          payload_bytes: 2,
          payload_sha256: null,
          open: false,
          actions: [],
        },
      ],
    });
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createExpectationCheck,
  type Expectation,
  parseExpectation,
} from '../../../shared/audit/expectation.ts';
import type { DeadLetterReason } from '../../../shared/domain/deadLetter.ts';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { DeadLetterRow, LedgerRow, OrderRecord } from '../../../shared/store/auditSource.ts';
import { NOTHING_EXPECTED } from '../../support/audit/nothingExpected.ts';
import { PUBLISHED_AT_MS, order, payment } from '../../support/messages/domain.ts';

const PAIR = { order_id: 1n, payment_id: 1001n };
const SECOND = { order_id: 1n, payment_id: 7n };

/** The row of an order as the store shows it. */
const factOf = async (shown: Order | undefined, paid: Payment | undefined): Promise<OrderRecord['fact']> => {
  const store = createMemoryStore();
  await store.showOrder({
    orderId: 1n,
    order: shown && { order: shown, writeTime: 1n },
    payment: paid && { payment: paid, writeTime: 1n },
    blanks: undefined,
  });
  return (await store.findOrderRecord(1n)).fact;
};

const ledgerRow = (changes: Partial<Payment> = {}): LedgerRow => {
  const row = {
    orderId: 1n,
    eventId: '0123456789abcdef0123456789abcdef',
    atMs: PUBLISHED_AT_MS,
    publishedAtMs: PUBLISHED_AT_MS,
  };
  const message = { ...row, occurredAtMs: undefined, isRedacted: false };
  return {
    ...row,
    kind: 'payment',
    erasedAtMs: undefined,
    entry: { ...message, kind: 'payment', payment: payment(changes) },
  };
};

const record = async (
  shown: Order | undefined,
  paid: Payment | undefined,
  ledger: readonly LedgerRow[],
): Promise<OrderRecord> => ({
  orderId: 1n,
  fact: await factOf(shown, paid),
  paymentWriteTime: undefined,
  ledger,
});

const unpaid = await record(order(), undefined, []);
const parked = await record(undefined, undefined, [ledgerRow()]);
const matched = await record(order(), payment(), [ledgerRow()]);
const unjoined = await record(order(), undefined, [ledgerRow()]);
const conflicting = { ...matched, ledger: [ledgerRow(), ledgerRow({ paymentId: 7n })] };

const deadLetterRow = (reason: DeadLetterReason, changes: Partial<DeadLetterRow> = {}): DeadLetterRow => ({
  id: '0123456789abcdef0123456789abcdef',
  day: '2024-01-21',
  shard: 1,
  reason,
  error: '',
  toldBy: '0123456789abcdef0123456789abcdef',
  publishedAtMs: PUBLISHED_AT_MS,
  originTopic: 'payments_data',
  originMessageId: '17',
  recordedAtMs: PUBLISHED_AT_MS,
  isRedacted: false,
  redriveCount: 0,
  orderId: 1n,
  paymentId: 1001n,
  payloadBytes: 2,
  payloadSha256: undefined,
  ...changes,
});

const sha256Of = (body: string): string => createHash('sha256').update(body).digest('hex');

const check = (
  expectation: Partial<Expectation>,
  records: readonly OrderRecord[],
  deadLetters: readonly { readonly row: DeadLetterRow; readonly body?: string }[] = [],
) => {
  const { sawOrder, sawDeadLetter, sawPayload, result } = createExpectationCheck({
    ...NOTHING_EXPECTED,
    ...expectation,
  });
  for (const seen of records) sawOrder(seen);
  for (const { row, body = '' } of deadLetters) if (sawDeadLetter(row)) sawPayload(Buffer.from(body));
  return result();
};

const answer = (expected: Readonly<Record<string, string>>): string => {
  const lists = {
    ...Object.fromEntries(Object.keys(NOTHING_EXPECTED).map((name) => [name, '[]'])),
    ...expected,
  };
  const fields = Object.entries(lists).map(([name, list]) => `"${name}": ${list}`);
  return `{"runId": "r", "published": {"orders": 1}, "expected": {${fields.join(', ')}}}`;
};

const MET = { lost: 0, unmet: [] };

describe('an expectation that is met', () => {
  it.for<[string, Partial<Expectation>, OrderRecord[], DeadLetterReason[]]>([
    ['a matched payment', { matched: [PAIR] }, [matched], []],
    ['a matched payment that came first', { matched: [PAIR] }, [matched], ['unmatched']],
    ['a parked payment', { parked: [PAIR] }, [parked], ['unmatched']],
    ['an unpaid order', { unpaid: [1n] }, [unpaid], []],
    ['a conflict', { matched: [PAIR, SECOND], conflicts: [1n] }, [conflicting], ['conflict']],
    ['a changed payment', { matched: [PAIR], changed: [1n] }, [matched], ['changed']],
    ['rivals', { unpaid: [1n], rivals: [1n] }, [unpaid], ['rivals']],
    [
      'a row that shows what it must',
      {
        matched: [PAIR],
        shows: [
          {
            order_id: 1n,
            customer_id: 100n,
            item: 'Laptop',
            quantity: 2n,
            price: 457.0966360351904,
            shipping_address: '123 Main St, City A, Country',
            order_status: 'Shipped',
            creation_date: '2024-01-21',
            payment_id: 1001n,
            payment_method: 'PayPal',
            card_last_four: '0001',
            payment_status: 'Completed',
            payment_datetime: '2024-01-21T01:01:30Z',
          },
        ],
      },
      [matched],
      [],
    ],
    ['nothing at all', {}, [], []],
  ])('is %s', (row) => {
    const [, expectation, records, reasons] = row;
    const deadLetters = reasons.map((reason) => ({ row: deadLetterRow(reason) }));

    expect(check(expectation, records, deadLetters)).toEqual(MET);
  });

  it('is an unset column that is unset', async () => {
    const guest = await record(order({ customerId: undefined }), payment({ cardLastFour: undefined }), [
      ledgerRow(),
    ]);

    const shows = [{ order_id: 1n, customer_id: null, card_last_four: null }];

    expect(check({ matched: [PAIR], shows }, [guest])).toEqual(MET);
  });

  it('is an invalid body that is dead-lettered', () => {
    const row = deadLetterRow('invalid');

    expect(check({ invalid: [sha256Of('not json')] }, [], [{ row, body: 'not json' }])).toEqual(MET);
  });

  it('is an invalid body that was cut, and its payload is not read', () => {
    const row = deadLetterRow('invalid', { payloadSha256: sha256Of('a long body') });
    const { sawDeadLetter, result } = createExpectationCheck({
      ...NOTHING_EXPECTED,
      invalid: [sha256Of('a long body')],
    });

    expect(sawDeadLetter(row)).toBe(false);
    expect(result()).toEqual(MET);
  });

  it('looks at its own ids only, so that rows of other runs are ignored', async () => {
    const others = [2n, 3n].map((orderId) => ({ ...conflicting, orderId }));
    const ofOthers = [
      { row: deadLetterRow('invalid'), body: 'theirs' },
      { row: deadLetterRow('conflict', { orderId: 2n }) },
      { row: deadLetterRow('rivals', { orderId: undefined }) },
    ];

    expect(check({ matched: [PAIR] }, [...others, matched], ofOthers)).toEqual(MET);
  });
});

describe('an expectation that is not met', () => {
  it.for<[string, number, Partial<Expectation>, OrderRecord[], string[]]>([
    [
      'loses an order and its payment when neither is anywhere',
      2,
      { matched: [PAIR] },
      [],
      [
        'lost: order 1 should be stored',
        'lost: payment 1001 should be kept on order 1, which should show a payment',
      ],
    ],
    [
      'loses a payment that only its order survives',
      1,
      { matched: [PAIR] },
      [unpaid],
      ['lost: payment 1001 should be kept on order 1, which should show a payment'],
    ],
    [
      'loses the order of a payment that still waits for it',
      1,
      { matched: [PAIR] },
      [parked],
      [
        'lost: order 1 should be stored',
        'wrong: payment 1001 should be kept on order 1, which should show a payment',
      ],
    ],
    [
      'is wrong about a payment that is kept but not shown',
      0,
      { matched: [PAIR] },
      [unjoined],
      ['wrong: payment 1001 should be kept on order 1, which should show a payment'],
    ],
    [
      'loses a parked payment that is nowhere',
      1,
      { parked: [PAIR] },
      [],
      [
        'lost: payment 1001 should be parked and wait for order 1',
        'wrong: people should be told that payment 1001 waits for order 1',
      ],
    ],
    [
      'is wrong about a parked payment whose order is here',
      0,
      { parked: [PAIR] },
      [matched],
      [
        'wrong: payment 1001 should be parked and wait for order 1',
        'wrong: people should be told that payment 1001 waits for order 1',
      ],
    ],
    ['loses an unpaid order', 1, { unpaid: [1n] }, [], ['lost: order 1 should be stored']],
    [
      'is wrong about an order that is paid',
      0,
      { unpaid: [1n] },
      [matched],
      ['wrong: order 1 should have no payment'],
    ],
    [
      'is wrong about a conflict with one payment',
      0,
      { conflicts: [1n] },
      [matched],
      [
        'wrong: order 1 should keep more than one payment',
        'wrong: people should be told that order 1 was paid twice',
      ],
    ],
    [
      'is wrong about a conflict that is nowhere',
      0,
      { conflicts: [1n] },
      [],
      [
        'wrong: order 1 should keep more than one payment',
        'wrong: people should be told that order 1 was paid twice',
      ],
    ],
    [
      'counts an order of two lost payments once',
      3,
      { matched: [PAIR, SECOND] },
      [],
      [
        'lost: order 1 should be stored',
        'lost: payment 1001 should be kept on order 1, which should show a payment',
        'lost: payment 7 should be kept on order 1, which should show a payment',
      ],
    ],
  ])('%s', (row) => {
    const [, lost, expectation, records, unmet] = row;

    expect(check(expectation, records)).toEqual({ lost, unmet });
  });

  it.for<[string, Partial<Expectation>, OrderRecord[], DeadLetterReason[], string]>([
    [
      'a parked payment of which nobody was told',
      { parked: [PAIR] },
      [parked],
      [],
      'people should be told that payment 1001 waits for order 1',
    ],
    [
      'a conflict of which nobody was told',
      { matched: [PAIR, SECOND], conflicts: [1n] },
      [conflicting],
      ['unmatched'],
      'people should be told that order 1 was paid twice',
    ],
    [
      'a changed payment of which nobody was told',
      { matched: [PAIR], changed: [1n] },
      [matched],
      [],
      'people should be told that a payment of order 1 was changed',
    ],
    [
      'rivals of which nobody was told',
      { unpaid: [1n], rivals: [1n] },
      [unpaid],
      [],
      'people should be told that order 1 has versions of the same time',
    ],
    ...(['conflict', 'changed', 'rivals', 'too_many'] as const).map(
      (reason): [string, Partial<Expectation>, OrderRecord[], DeadLetterReason[], string] => [
        `a finding ${reason} that nobody should be told`,
        { matched: [PAIR] },
        [matched],
        [reason, reason],
        `nobody should be told that order 1 has the finding ${reason}`,
      ],
    ),
    [
      'another version than the newest',
      { matched: [PAIR], shows: [{ order_id: 1n, quantity: 3n, customer_id: null }] },
      [matched],
      [],
      'order 1 should show customer_id unset, quantity 3',
    ],
    [
      'another payment',
      { matched: [PAIR], shows: [{ order_id: 1n, payment_id: 1001n, payment_status: 'Refunded' }] },
      [matched],
      [],
      'order 1 should show payment_id 1001, payment_status Refunded',
    ],
    [
      'a row that is not there',
      { shows: [{ order_id: 1n, item: 'Book' }] },
      [],
      [],
      'order 1 should show item Book',
    ],
  ])('is wrong about %s', (row) => {
    const [, expectation, records, reasons, problem] = row;
    const deadLetters = reasons.map((reason) => ({ row: deadLetterRow(reason) }));

    expect(check(expectation, records, deadLetters)).toEqual({ lost: 0, unmet: [`wrong: ${problem}`] });
  });

  it('loses an invalid body that is dead-lettered under another reason only', () => {
    const sha256 = sha256Of('not json');
    const row = deadLetterRow('conflict');

    expect(check({ invalid: [sha256] }, [], [{ row, body: 'not json' }])).toEqual({
      lost: 1,
      unmet: [`lost: the invalid body with SHA-256 ${sha256} should be dead-lettered`],
    });
  });
});

describe('a simulator’s answer', () => {
  it('is read with ids as numbers and as strings of digits, up to the last 64-bit digit', () => {
    const json = answer({
      matched: '[{"order_id": 9223372036854775807, "payment_id": "9223372036854775806"}]',
      unpaid: '[0, "9007199254740993", 9007199254740993]',
      shows:
        '[{"order_id": 1, "customer_id": null, "quantity": "3", "price": 457.0966360351904, "item": "1", ' +
        '"payment_id": 9007199254740993}]',
      invalid: `["${sha256Of('x')}"]`,
    });

    expect(parseExpectation(json)).toEqual({
      ...NOTHING_EXPECTED,
      matched: [{ order_id: 9223372036854775807n, payment_id: 9223372036854775806n }],
      unpaid: [0n, 9007199254740993n, 9007199254740993n],
      shows: [
        {
          order_id: 1n,
          customer_id: null,
          quantity: 3n,
          price: 457.0966360351904,
          item: '1',
          payment_id: 9007199254740993n,
        },
      ],
      invalid: [sha256Of('x')],
    });
  });

  it.for<[string, string, string[]]>([
    [
      'an id above 2^63-1',
      answer({ unpaid: '[9223372036854775808]' }),
      ['expected.unpaid.0', '0 to 9223372036854775807'],
    ],
    ['a text id above 2^63-1', answer({ conflicts: '["9999999999999999999"]' }), ['expected.conflicts.0']],
    ['an id that is no whole number', answer({ unpaid: '[1, 1.5]' }), ['expected.unpaid.1', 'whole number']],
    ['an id with an exponent', answer({ unpaid: '[1e3]' }), ['expected.unpaid.0']],
    [
      'a negative id',
      answer({ parked: '[{"order_id": -1, "payment_id": 1}]' }),
      ['expected.parked.0.order_id'],
    ],
    ['an id that is a word', answer({ unpaid: '["one"]' }), ['expected.unpaid.0']],
    ['an empty id', answer({ unpaid: '[""]' }), ['expected.unpaid.0']],
    [
      'an id that is null',
      answer({ matched: '[{"order_id": 1, "payment_id": null}]' }),
      ['expected.matched.0.payment_id'],
    ],
    ['a missing id', answer({ matched: '[{"order_id": 1}]' }), ['expected.matched.0.payment_id']],
    ['a column that is none', answer({ shows: '[{"order_id": 1, "colour": "red"}]' }), ['expected.shows.0']],
    [
      'a column that must be text',
      answer({ shows: '[{"order_id": 1, "item": 7}]' }),
      ['expected.shows.0.item'],
    ],
    ['a list that is none', answer({ parked: '{}' }), ['expected.parked']],
    ['a hash that is none', answer({ invalid: '["abc"]' }), ['expected.invalid.0', 'SHA-256']],
    ['no expectation', '{"runId": "r"}', ['expected']],
    [
      'several faults',
      answer({ unpaid: '["x"]', invalid: '[1]' }),
      ['expected.unpaid.0', 'expected.invalid.0'],
    ],
    ['no object', '[]', ['the answer: expected object, received array']],
    ['no JSON', 'card 4111111111111111', ['21 characters that are not JSON']],
    ['nothing', '', ['0 characters that are not JSON']],
  ])('is refused with %s, and its field is named', (row) => {
    const [, json, named] = row;

    const error = errorOf(() => parseExpectation(json));

    for (const text of named) expect(error).toContain(text);
    expect(error).not.toContain('4111');
  });
});

const errorOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error('expected it to throw');
};

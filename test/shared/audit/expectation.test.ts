import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createExpectationCheck,
  type Expectation,
  parseExpectation,
} from '../../../shared/audit/expectation.ts';
import type { DeadLetterRow, OrderRecord } from '../../../shared/store/store.ts';
import {
  deadLetterRow,
  factRow,
  ledgerRow,
  orderColumns,
  orderRecord,
  paymentColumns,
} from '../../support/messages/records.ts';

const NOTHING: Expectation = { matched: [], parked: [], unpaid: [], conflicts: [], invalid: [] };
const PAIR = { order_id: 1n, payment_id: 1001n };

const unpaid = orderRecord({ fact: factRow({ order: orderColumns() }) });
const parked = orderRecord({ ledger: [{ ...ledgerRow(1), isParked: true }] });
const matched = orderRecord({
  fact: factRow({ order: orderColumns(), payment: paymentColumns() }),
  ledger: [ledgerRow(1)],
});
const unjoined = orderRecord({ fact: factRow({ order: orderColumns() }), ledger: [ledgerRow(1)] });
const conflicting = { ...matched, ledger: [ledgerRow(1), ledgerRow(2, { paymentId: 7n })] };

const sha256Of = (body: string): string => createHash('sha256').update(body).digest('hex');

const check = (
  expectation: Partial<Expectation>,
  records: readonly OrderRecord[],
  deadLetters: readonly { readonly row: DeadLetterRow; readonly body: string }[] = [],
) => {
  const { sawOrder, wantsPayload, sawPayload, result } = createExpectationCheck({
    ...NOTHING,
    ...expectation,
  });
  for (const record of records) sawOrder(record);
  for (const { row, body } of deadLetters) if (wantsPayload(row)) sawPayload(Buffer.from(body));
  return result();
};

const answer = (expected: Readonly<Record<string, string>>): string => {
  const lists = { matched: '[]', parked: '[]', unpaid: '[]', conflicts: '[]', invalid: '[]', ...expected };
  const fields = Object.entries(lists).map(([name, list]) => `"${name}": ${list}`);
  return `{"runId": "r", "published": {"orders": 1}, "expected": {${fields.join(', ')}}}`;
};

describe('an expectation that is met', () => {
  it.for<[string, Partial<Expectation>, OrderRecord[]]>([
    ['a matched payment', { matched: [PAIR] }, [matched]],
    ['a parked payment', { parked: [PAIR] }, [parked]],
    ['an unpaid order', { unpaid: [1n] }, [unpaid]],
    ['a conflict', { matched: [PAIR, { order_id: 1n, payment_id: 7n }], conflicts: [1n] }, [conflicting]],
    ['nothing at all', {}, []],
  ])('is %s', (row) => {
    const [, expectation, records] = row;

    expect(check(expectation, records)).toEqual({ lost: 0, unmet: [] });
  });

  it('is an invalid body that is dead-lettered', () => {
    const row = deadLetterRow(1, { reason: 'invalid' });

    expect(check({ invalid: [sha256Of('not json')] }, [], [{ row, body: 'not json' }])).toEqual({
      lost: 0,
      unmet: [],
    });
  });

  it('looks at its own ids only, so that rows of other runs are ignored', () => {
    const others = [
      orderRecord({ orderId: 2n, ledger: [ledgerRow(5, { orderId: 2n })] }),
      orderRecord({ orderId: 3n, fact: factRow({ payment: paymentColumns() }, 3n) }),
    ];
    const ofOthers = { row: deadLetterRow(9, { reason: 'invalid' }), body: 'theirs' };

    expect(check({ matched: [PAIR] }, [...others, matched], [ofOthers])).toEqual({ lost: 0, unmet: [] });
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
        'lost: payment 1001 should be kept on order 1, which should be paid',
      ],
    ],
    [
      'loses a payment that only its order survives',
      1,
      { matched: [PAIR] },
      [unpaid],
      ['lost: payment 1001 should be kept on order 1, which should be paid'],
    ],
    [
      'loses the order of a payment that still waits for it',
      1,
      { matched: [PAIR] },
      [parked],
      [
        'lost: order 1 should be stored',
        'wrong: payment 1001 should be kept on order 1, which should be paid',
      ],
    ],
    [
      'is wrong about a payment that is kept but not shown',
      0,
      { matched: [PAIR] },
      [unjoined],
      ['wrong: payment 1001 should be kept on order 1, which should be paid'],
    ],
    [
      'loses a parked payment that is nowhere',
      1,
      { parked: [PAIR] },
      [],
      ['lost: payment 1001 should be parked and wait for order 1'],
    ],
    [
      'is wrong about a parked payment whose order is here',
      0,
      { parked: [PAIR] },
      [matched],
      ['wrong: payment 1001 should be parked and wait for order 1'],
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
      ['wrong: order 1 should keep more than one payment'],
    ],
    [
      'is wrong about a conflict that is nowhere',
      0,
      { conflicts: [1n] },
      [],
      ['wrong: order 1 should keep more than one payment'],
    ],
    [
      'counts an order of two lost payments once',
      3,
      { matched: [PAIR, { order_id: 1n, payment_id: 7n }] },
      [],
      [
        'lost: order 1 should be stored',
        'lost: payment 1001 should be kept on order 1, which should be paid',
        'lost: payment 7 should be kept on order 1, which should be paid',
      ],
    ],
  ])('%s', (row) => {
    const [, lost, expectation, records, unmet] = row;

    expect(check(expectation, records)).toEqual({ lost, unmet });
  });

  it('loses an invalid body that is dead-lettered under another reason only', () => {
    const sha256 = sha256Of('not json');
    const row = deadLetterRow(1, { reason: 'conflict' });

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
      invalid: `["${sha256Of('x')}"]`,
    });

    expect(parseExpectation(json)).toEqual({
      ...NOTHING,
      matched: [{ order_id: 9223372036854775807n, payment_id: 9223372036854775806n }],
      unpaid: [0n, 9007199254740993n, 9007199254740993n],
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
    ['a list that is none', answer({ parked: '{}' }), ['expected.parked']],
    ['a hash that is none', answer({ invalid: '["abc"]' }), ['expected.invalid.0', 'SHA-256']],
    ['no expectation', '{"runId": "r"}', ['expected']],
    [
      'several faults',
      answer({ unpaid: '["x"]', invalid: '[1]' }),
      ['expected.unpaid.0', 'expected.invalid.0'],
    ],
    ['no object', '[]', ['not a simulator']],
    ['no JSON', 'card 4111111111111111', ['not a simulator', '21 characters that are not JSON']],
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

import { describe, expect, it } from 'vitest';
import { findingsOf, USUAL_ENTRIES_MAX } from '../../../shared/domain/findingsOf.ts';
import type { OrderEntry, PaymentEntry } from '../../../shared/domain/ledgerEntry.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { verdictsOf } from '../../../shared/domain/verdicts.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { stamp } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const find = (entries: readonly (OrderEntry | PaymentEntry)[], erasedUpToMs?: number) => {
  const orders = entries.filter((entry) => entry.kind === 'order');
  const payments = entries.filter((entry) => entry.kind === 'payment');
  return findingsOf({ orders, payments, verdicts: verdictsOf(payments), erasedUpToMs });
};

const named = (entries: readonly (OrderEntry | PaymentEntry)[]) =>
  find(entries).map(({ reason, ids }) => [reason, ...ids]);

/** Payments in the order of their times. Each differs from `payment()` in these fields. */
const sent = (...changes: readonly Partial<Payment>[]): PaymentEntry[] =>
  changes.map((change, index) => paymentEntry(index + 1, change));

const ONE = { paymentId: 1n };
const TWO = { paymentId: 2n };

describe('flows that stay quiet', () => {
  it.each([
    ['one payment', [ONE]],
    ['authorised, then captured under one id', [{ ...ONE, paymentStatus: 'authorised' }, ONE]],
    ['declined, then paid under two ids', [{ ...ONE, paymentStatus: 'Declined' }, TWO]],
    ['a gift card and a card', [{ ...ONE, paymentMethod: 'Gift Card' }, TWO]],
    [
      'a voucher, store credit and a card',
      [{ ...ONE, paymentMethod: 'voucher' }, { ...TWO, paymentMethod: 'store_credit' }, { paymentId: 3n }],
    ],
    ['a refund under the same id', [ONE, { ...ONE, paymentStatus: 'Refunded' }]],
    ['a refund under an id of its own', [ONE, { ...TWO, paymentStatus: 'Refunded' }]],
    ['paid twice, then one of the two refunded', [ONE, TWO, { ...TWO, paymentStatus: 'refund' }]],
    ['PayPal without a card', [{ ...ONE, cardLastFour: undefined }]],
    ['webhook and API result of one capture', [ONE, { ...ONE, paymentDatetime: '1705831200' }]],
    ['an API result that has no card', [ONE, { ...ONE, cardLastFour: undefined }]],
    ['one capture, its method in other letters', [ONE, { ...ONE, paymentMethod: 'PAYPAL' }]],
    [
      'another card after the status has moved on',
      [
        { ...ONE, paymentStatus: 'pending' },
        { ...ONE, cardLastFour: '9' },
      ],
    ],
    [
      'another card between two words that we do not know',
      [
        { ...ONE, paymentStatus: 'frozen', paymentMethod: 'voucher' },
        { ...ONE, paymentStatus: 'thawed', cardLastFour: '9' },
      ],
    ],
    ['a pending payment beside a paid one', [ONE, { ...TWO, paymentStatus: 'pending' }]],
  ])('%s', (_what, changes) => {
    expect(find(sent(...changes))).toEqual([]);
  });

  it.each([
    ['one version', [orderEntry(1)]],
    ['the same version again, at its own time', [orderEntry(1), orderEntry(2)]],
    [
      'the same version again, at the same time',
      [orderEntry(1), orderEntry(2, {}, { atMs: stamp(1).publishedAtMs })],
    ],
    ['a newer version', [orderEntry(1), orderEntry(2, { orderStatus: 'Cancelled' })]],
    [
      'two contents at an older time',
      [
        orderEntry(1),
        orderEntry(2, { item: 'Book' }, { atMs: stamp(1).publishedAtMs }),
        orderEntry(3, { item: 'Pen' }),
      ],
    ],
    ['a guest', [orderEntry(1, { customerId: undefined })]],
    ['nothing', []],
  ])('%s of an order', (_what, entries) => {
    expect(find(entries)).toEqual([]);
  });
});

describe('flows that are told', () => {
  it.each([
    ['two paid ids', [ONE, TWO], [['conflict', '1', '2']]],
    [
      'two paid ids, one said twice',
      [ONE, TWO, { ...TWO, paymentStatus: 'captured' }],
      [['conflict', '1', '2']],
    ],
    [
      'a paid id and one with an unknown word',
      [ONE, { ...TWO, paymentStatus: 'frozen' }],
      [['conflict', '1', '2']],
    ],
    [
      'two paid ids beside a gift card',
      [ONE, TWO, { paymentId: 3n, paymentMethod: 'giftcard' }],
      [['conflict', '1', '2']],
    ],
    ['three paid ids, named as sorted texts', [{ paymentId: 10n }, TWO, ONE], [['conflict', '1', '10', '2']]],
    ['two cards under one id at one status', [ONE, { ...ONE, cardLastFour: '0002' }], [['changed', '1']]],
    [
      'two cards under one id at two words for one status',
      [ONE, { ...ONE, paymentStatus: 'captured', cardLastFour: '0002' }],
      [['changed', '1']],
    ],
    ['two methods under one id at one status', [ONE, { ...ONE, paymentMethod: 'Cash' }], [['changed', '1']]],
    [
      'two cards under one id at one unknown status',
      [
        { ...ONE, paymentStatus: 'Frozen' },
        { ...ONE, paymentStatus: 'frozen', cardLastFour: '0002' },
      ],
      [['changed', '1']],
    ],
    [
      'both at once',
      [ONE, TWO, { ...TWO, cardLastFour: '0002' }],
      [
        ['conflict', '1', '2'],
        ['changed', '2'],
      ],
    ],
    [
      'two ids that each changed',
      [
        { ...TWO, paymentMethod: 'voucher' },
        { ...TWO, paymentMethod: 'voucher', cardLastFour: '8' },
        ONE,
        { ...ONE, cardLastFour: '7' },
      ],
      [
        ['changed', '1'],
        ['changed', '2'],
      ],
    ],
  ])('%s', (_what, changes, expected) => {
    expect(named(sent(...changes))).toEqual(expected);
    expect(named(sent(...changes).toReversed())).toEqual(expected);
  });

  it('two contents of an order at its newest time', () => {
    const atMs = stamp(5).publishedAtMs;

    expect(
      named([orderEntry(1), orderEntry(2, {}, { atMs }), orderEntry(3, { item: 'Book' }, { atMs })]),
    ).toEqual([['rivals', String(atMs)]]);
  });

  it('more than a thousand payment entries', () => {
    const many = Array.from({ length: USUAL_ENTRIES_MAX }, (_, number) => paymentEntry(number));
    const more = paymentEntry(USUAL_ENTRIES_MAX);

    expect(USUAL_ENTRIES_MAX).toBe(1_000);
    expect(named(many)).toEqual([]);
    expect(find([...many, more])).toMatchObject([{ reason: 'too_many', ids: [], sinceMs: PUBLISHED_AT_MS }]);
    expect(find([...many, more])[0]?.eventIds.size).toBe(USUAL_ENTRIES_MAX + 1);
  });

  it('more than a thousand versions of its newest time', () => {
    const atMs = stamp(5).publishedAtMs;
    const many = Array.from({ length: USUAL_ENTRIES_MAX }, (_, number) => orderEntry(number, {}, { atMs }));
    const older = orderEntry(USUAL_ENTRIES_MAX, {}, { atMs: atMs - 1 });

    expect(named([...many, older])).toEqual([]);
    expect(named([...many, { ...older, atMs }])).toEqual([['too_many']]);
  });
});

describe('those who take part in a finding', () => {
  const idsOf = (...entries: readonly { eventId: string }[]) =>
    new Set(entries.map(({ eventId }) => eventId));

  it('are, of a conflict, all payments, since the earliest of them', () => {
    const declined = paymentEntry(1, { paymentId: 4n, paymentStatus: 'declined' });
    const [one, two, three] = [
      paymentEntry(2, ONE),
      paymentEntry(3, TWO),
      paymentEntry(4, { paymentId: 3n }),
    ];
    const refund = paymentEntry(5, { paymentId: 3n, paymentStatus: 'refunded' });

    expect(find([declined, one, two, three, refund])).toEqual([
      {
        reason: 'conflict',
        ids: ['1', '2'],
        state: '2',
        eventIds: idsOf(declined, one, two, three, refund),
        sinceMs: stamp(1).publishedAtMs,
      },
    ]);
  });

  it('are, of changed contents, all words about the payment', () => {
    const pending = paymentEntry(1, { paymentStatus: 'pending', cardLastFour: '0009' });
    const [first, silent, second] = [
      paymentEntry(2),
      paymentEntry(3, { cardLastFour: undefined }),
      paymentEntry(4, { cardLastFour: '0002' }),
    ];

    expect(find([pending, first, silent, second])).toEqual([
      {
        reason: 'changed',
        ids: ['1001'],
        state: '1',
        eventIds: idsOf(pending, first, silent, second),
        sinceMs: stamp(1).publishedAtMs,
      },
    ]);
  });

  it('are, of rivals, the versions of the newest time, with the publish time of the earliest', () => {
    const atMs = stamp(9).publishedAtMs;
    const [old, first, second] = [
      orderEntry(1),
      orderEntry(2, {}, { atMs }),
      orderEntry(3, { price: 1 }, { atMs }),
    ];

    expect(find([old, first, second])).toEqual([
      {
        reason: 'rivals',
        ids: [String(atMs)],
        state: '2',
        eventIds: idsOf(first, second),
        sinceMs: stamp(2).publishedAtMs,
      },
    ]);
  });
});

describe('the state of a finding', () => {
  const stateOf = (entries: Parameters<typeof find>[0], erasedUpToMs?: number) =>
    find(entries, erasedUpToMs).map(({ state }) => state);
  const cards = (...digits: readonly (string | undefined)[]) =>
    digits.map((cardLastFour, index) => paymentEntry(index + 3, { cardLastFour }));
  const items = (...names: readonly string[]) =>
    names.map((item, index) => orderEntry(index + 3, { item }, { atMs: 7 }));

  it('is another one with each further contradiction', () => {
    expect(stateOf(cards('0001', '0002'))).toEqual(['1']);
    expect(stateOf(cards('0001', '0002', '0003'))).toEqual(['2']);
    expect(stateOf(items('a', 'b'))).toEqual(['2']);
    expect(stateOf(items('a', 'b', 'c'))).toEqual(['3']);
  });

  it('is the same with what contradicts nothing: a repeat, no card, a status that moves on', () => {
    const refund = paymentEntry(9, { cardLastFour: '0002', paymentStatus: 'refunded' });

    expect(stateOf([...cards('0001', '0002', '0001', undefined), refund])).toEqual(['1']);
    expect(stateOf(items('a', 'b', 'a'))).toEqual(['2']);
  });

  it('of a conflict is another one each time that one of its payments is said to be paid again', () => {
    const words = (...of2: readonly string[]) => [
      ...sent(ONE),
      ...of2.map((paymentStatus, index) => paymentEntry(index + 3, { ...TWO, paymentStatus })),
    ];

    expect(stateOf(words('Completed'))).toEqual(['2']);
    expect(stateOf(words('authorised', 'Completed'))).toEqual(['2']);
    expect(stateOf(words('Completed', 'completed'))).toEqual(['2']);
    expect(stateOf(words('Frozen', 'Completed'))).toEqual(['3']);
    expect(stateOf(words('Completed', 'Refunded'))).toEqual([]);
    expect(stateOf(words('Completed', 'Refunded', 'Completed'))).toEqual(['3']);
    expect(stateOf(words('Completed', 'Refunded', 'Completed', 'Refunded', 'Completed'))).toEqual(['4']);
  });

  it('is another one after an erasure', () => {
    const erasedUpToMs = stamp(2).publishedAtMs;

    expect(stateOf(cards('0001', '0002'), erasedUpToMs)).toEqual([`1 since ${erasedUpToMs}`]);
    expect(stateOf(items('a', 'b'), erasedUpToMs)).toEqual([`2 since ${erasedUpToMs}`]);
  });
});

describe('after an erasure', () => {
  const erasedUpToMs = stamp(2).publishedAtMs;

  it('contents of entries that it covers are not compared', () => {
    const [covered, kept] = [paymentEntry(2), paymentEntry(3, { cardLastFour: '0002' })];
    const rivals = [orderEntry(1, {}, { atMs: 7 }), orderEntry(3, { item: 'Book' }, { atMs: 7 })];

    expect(find([covered, kept], erasedUpToMs)).toEqual([]);
    expect(find(rivals, erasedUpToMs)).toEqual([]);
  });

  it('contents of later entries still are', () => {
    const [one, two] = [paymentEntry(3), paymentEntry(4, { cardLastFour: '0002' })];

    expect(find([one, two], erasedUpToMs).map(({ reason }) => reason)).toEqual(['changed']);
  });

  it('two paid ids are a conflict as before', () => {
    expect(find([paymentEntry(1, ONE), paymentEntry(2, TWO)], erasedUpToMs)).toMatchObject([
      { reason: 'conflict', ids: ['1', '2'] },
    ]);
  });

  it('what is left of a finding stands since the same event, under which it was told', () => {
    const erasedFirstMs = stamp(1).publishedAtMs;
    const payments = [1, 2, 3].map((number) =>
      paymentEntry(number, { ...ONE, paymentMethod: `method ${number}` }),
    );
    const versions = [1, 2, 3].map((number) => ({
      ...orderEntry(number, { item: `item ${number}` }),
      atMs: PUBLISHED_AT_MS,
    }));

    for (const entries of [payments, versions]) {
      const [before] = find(entries);

      expect(before).toBeDefined();
      expect(find(entries, erasedFirstMs)).toMatchObject([
        { ids: before?.ids, eventIds: before?.eventIds, sinceMs: before?.sinceMs },
      ]);
    }
  });
});

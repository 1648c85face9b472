import { describe, expect, it } from 'vitest';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { TransientError } from '../../../shared/errors.ts';
import { accept } from '../../../shared/protocol/accept.ts';
import { findingIdOf } from '../../../shared/protocol/findingIdOf.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { OrderShow, Store } from '../../../shared/store/store.ts';
import { order, payment, stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const STEPS = ['recordEntry', 'findEntries', 'showOrder', 'tell'] as const;
type Step = (typeof STEPS)[number];

/** A store in memory that takes notes of the steps, and can fail before one, or after it took effect. */
const setUp = () => {
  const memory = createMemoryStore();
  const steps: string[] = [];
  const told: Report[] = [];
  const shown: OrderShow[] = [];
  let isWhole = true;
  let fault: { readonly step: Step; readonly side: 'before' | 'after' } | undefined;

  const noted =
    <Args extends readonly unknown[], Result>(step: Step, run: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (fault?.step === step && fault.side === 'before') throw new TransientError(`${step} failed`);
      const result = await run(...args);
      if (fault?.step === step) throw new TransientError(`${step} failed`);
      steps.push(step);
      return result;
    };
  const store: Pick<Store, 'recordEntry' | 'findEntries' | 'showOrder'> = {
    recordEntry: noted('recordEntry', memory.recordEntry),
    findEntries: noted('findEntries', async (orderId, isComplete) => {
      steps.push(`complete: ${isComplete}`);
      return { ...(await memory.findEntries(orderId, isComplete)), ...(isWhole ? {} : { isWhole }) };
    }),
    showOrder: noted('showOrder', async (show) => {
      shown.push(show);
      await memory.showOrder(show);
    }),
  };
  const tell = noted('tell', async (reports: readonly Report[]) => void told.push(...reports));
  return {
    memory,
    shown,
    accept: (entry: LedgerEntry) => accept(entry, { store, tell }),
    failAt: (step: Step, side: 'before' | 'after') => {
      fault = { step, side };
    },
    heal: () => {
      fault = undefined;
    },
    cutReads: () => {
      isWhole = false;
    },
    /** The steps since the last call. */
    steps: () => steps.splice(0).filter((step) => !step.startsWith('complete')),
    readsAll: () => steps.includes('complete: true'),
    told: () => told.splice(0).map(({ reason }) => reason),
    reports: () => told,
  };
};

describe('the steps of an accepted event', () => {
  it.each([
    ['an order', [], orderEntry(1), ['recordEntry', 'findEntries']],
    [
      'an order whose payment is here',
      [paymentEntry(1)],
      orderEntry(2),
      ['recordEntry', 'findEntries', 'showOrder'],
    ],
    [
      'an older version with a customer, whose cell the null of a guest hides until it is purged',
      [orderEntry(2, { customerId: undefined })],
      orderEntry(1),
      ['recordEntry', 'findEntries', 'showOrder'],
    ],
    [
      'an older version of a guest',
      [orderEntry(2, { customerId: undefined })],
      orderEntry(1, { customerId: undefined }),
      ['recordEntry', 'findEntries'],
    ],
    ['an early payment', [], paymentEntry(1), ['recordEntry', 'findEntries', 'tell']],
    ['a payment', [orderEntry(1)], paymentEntry(2), ['recordEntry', 'findEntries', 'showOrder']],
    [
      'a second payment',
      [orderEntry(1), paymentEntry(2)],
      paymentEntry(3, { paymentId: 7n }),
      ['recordEntry', 'findEntries', 'showOrder', 'tell'],
    ],
    [
      'a rival of one write time',
      [orderEntry(1)],
      orderEntry(2, { item: 'Book' }, { atMs: stamp(1).publishedAtMs }),
      ['recordEntry', 'findEntries', 'showOrder', 'tell'],
    ],
    ['an older version', [orderEntry(2)], orderEntry(1, { item: 'Book' }), ['recordEntry', 'findEntries']],
    [
      'a decision',
      [orderEntry(1)],
      decisionEntry(2, { decision: 'resolved', ref: 'a' }),
      ['recordEntry', 'findEntries'],
    ],
  ] as const)('are, for %s', async (_what, before, entry, expected) => {
    const { accept: acceptNext, steps } = setUp();
    for (const one of before) await acceptNext(one);
    steps();

    await acceptNext(entry);

    expect(steps()).toEqual(expected);
  });

  it.each([
    ['an order', orderEntry(2), false],
    ['a payment', paymentEntry(2), false],
    ['a resolved finding', decisionEntry(2, { decision: 'resolved' }), false],
    ['an erasure', decisionEntry(2), true],
  ])('read older versions for %s: %s', async (_what, entry, isComplete) => {
    const { accept: acceptNext, readsAll } = setUp();

    await acceptNext(entry);

    expect(readsAll()).toBe(isComplete);
  });

  it('tell that there are too many when the ledger is too large to be read, and show what can be said', async () => {
    const { accept: acceptNext, steps, cutReads } = setUp();
    await acceptNext(orderEntry(1));
    await acceptNext(paymentEntry(2));
    cutReads();
    steps();

    const settlement = await acceptNext(paymentEntry(3, { paymentId: 7n }));

    expect(steps()).toEqual(['recordEntry', 'findEntries', 'showOrder', 'tell']);
    expect(settlement).toMatchObject({ outcome: 'matched', findings: ['conflict', 'too_many'] });
  });

  it('show nothing and tell only that when not even all payments were read, until a decision names it', async () => {
    const { accept: acceptNext, steps, told, cutReads } = setUp();
    await acceptNext(paymentEntry(1));
    cutReads();
    steps();
    told();

    const settlement = await acceptNext(paymentEntry(2));

    expect(steps()).toEqual(['recordEntry', 'findEntries', 'tell']);
    expect(told()).toEqual(['too_many']);
    expect(settlement).toMatchObject({ outcome: 'too_many', findings: ['too_many'] });
  });

  it.each([
    ['all payments', [orderEntry(1)], ['recordEntry', 'findEntries', 'showOrder']],
    ['not even all payments', [], ['recordEntry', 'findEntries']],
  ])(
    'tell no more that there are too many once it has been resolved, with %s read',
    async (_what, orders, expected) => {
      const { accept: acceptNext, steps, cutReads } = setUp();
      const ref = findingIdOf(1n, { reason: 'too_many', ids: [] });
      for (const entry of [...orders, decisionEntry(2, { decision: 'resolved', ref })])
        await acceptNext(entry);
      cutReads();
      steps();

      await acceptNext(paymentEntry(3));

      expect(steps()).toEqual(expected);
    },
  );
});

describe('an accepted event', () => {
  it.each([
    ['an order', [], orderEntry(1), { outcome: 'stored', subject: { orderId: 1n, paymentId: undefined } }],
    [
      'an early payment',
      [],
      paymentEntry(1),
      { outcome: 'parked', subject: { orderId: 1n, paymentId: 1001n } },
    ],
    [
      'a payment',
      [orderEntry(1)],
      paymentEntry(2),
      { outcome: 'matched', subject: { orderId: 1n, paymentId: 1001n } },
    ],
    ['an order after its payment', [paymentEntry(1)], orderEntry(2), { outcome: 'matched' }],
    [
      'a decision',
      [orderEntry(1)],
      decisionEntry(2),
      { outcome: 'stored', subject: { orderId: 1n, paymentId: undefined } },
    ],
  ] as const)('is acked with the outcome of %s', async (_what, before, entry, expected) => {
    const { accept: acceptNext } = setUp();
    for (const one of before) await acceptNext(one);

    expect(await acceptNext(entry)).toMatchObject({
      kind: 'ack',
      findings: [],
      isClockRefused: false,
      ...expected,
    });
  });

  it('says which findings it told, in one order, and not that a payment waits', async () => {
    const { accept: acceptNext, told } = setUp();
    await acceptNext(paymentEntry(1, { paymentId: 7n }));
    await acceptNext(paymentEntry(2));
    told();

    const settlement = await acceptNext(paymentEntry(3, { cardLastFour: '0002' }));

    expect(settlement).toMatchObject({ outcome: 'parked', findings: ['conflict', 'changed'] });
    expect(told()).toEqual(['unmatched', 'conflict', 'changed']);
  });

  it.each([
    ['was believed', stamp(1).publishedAtMs - 5, stamp(1).publishedAtMs - 5, false],
    ['was not believed', stamp(1).publishedAtMs + 5, stamp(1).publishedAtMs, true],
    ['was not sent', undefined, stamp(1).publishedAtMs, false],
  ])('says whether the producer’s time %s', async (_what, occurredAtMs, atMs, isClockRefused) => {
    const { accept: acceptNext } = setUp();

    expect(await acceptNext(orderEntry(1, {}, { occurredAtMs, atMs }))).toMatchObject({ isClockRefused });
  });

  it('tells nothing that a decision has resolved', async () => {
    const { accept: acceptNext, told } = setUp();
    await acceptNext(orderEntry(1));
    await acceptNext(paymentEntry(2));
    const ref = findingIdOf(1n, { reason: 'conflict', ids: ['1001', '7'] });
    await acceptNext(decisionEntry(3, { decision: 'resolved', ref }));

    const settlement = await acceptNext(paymentEntry(4, { paymentId: 7n }));

    expect(settlement).toMatchObject({ outcome: 'matched', findings: [] });
    expect(told()).toEqual([]);
  });
});

describe('an erasure', () => {
  const erased = async (...entries: readonly LedgerEntry[]) => {
    const set = setUp();
    for (const entry of entries) await set.accept(entry);
    return { ...set, record: await set.memory.findOrderRecord(1n) };
  };

  it('blanks every row that it covers, and the fact', async () => {
    const { record, shown } = await erased(orderEntry(1), orderEntry(2), paymentEntry(3), decisionEntry(4));

    expect(record.fact?.order).toMatchObject({
      item: 'Laptop',
      customerId: undefined,
      shippingAddress: undefined,
    });
    expect(record.fact?.payment).toMatchObject({ paymentId: 1001n, cardLastFour: undefined });
    const contents = record.ledger.map(({ entry }) => entry && ('order' in entry ? entry.order : entry));
    expect(JSON.stringify(contents, (_key, value: unknown) => String(value))).not.toContain('Main St');
    expect(record.ledger.map(({ erasedAtMs }) => erasedAtMs)).toEqual([
      undefined,
      stamp(4).publishedAtMs,
      stamp(4).publishedAtMs,
      stamp(4).publishedAtMs,
    ]);
    expect(shown.at(-1)?.blanks?.entries).toHaveLength(3);
  });

  it('blanks an event that it covers when that event comes later', async () => {
    const { record, shown } = await erased(decisionEntry(3), paymentEntry(2), orderEntry(1));

    expect(record.fact).toMatchObject({
      order: { item: 'Laptop', customerId: undefined },
      payment: { paymentId: 1001n, cardLastFour: undefined },
    });
    expect(record.ledger.map(({ erasedAtMs }) => erasedAtMs === undefined)).toEqual([true, false, false]);
    expect(shown.map(({ blanks }) => blanks?.entries.map(({ kind }) => kind))).toEqual([
      ['payment'],
      ['order'],
    ]);
  });

  it('blanks a payment though its order has not come, and shows nothing', async () => {
    const { record, shown } = await erased(paymentEntry(1), decisionEntry(2));

    expect(record.fact).toBeUndefined();
    expect(shown).toEqual([
      {
        orderId: 1n,
        order: undefined,
        payment: undefined,
        blanks: { entries: [paymentEntry(1)], erasedAtMs: stamp(2).publishedAtMs },
      },
    ]);
  });

  it('blanks a payment that it covers before its order comes', async () => {
    const { record } = await erased(decisionEntry(3), paymentEntry(2));

    expect(record.ledger.map(({ erasedAtMs }) => erasedAtMs === undefined)).toEqual([true, false]);
  });

  it('leaves a later event as it is, and shows it', async () => {
    const { record, shown } = await erased(decisionEntry(1), orderEntry(2));

    expect(record.fact?.order).toMatchObject({ customerId: order().customerId });
    expect(shown).toMatchObject([{ order: { mustRewrite: true }, payment: undefined, blanks: undefined }]);
  });

  it('blanks an event that it covers when the ledger is too large to be folded', async () => {
    const { accept: acceptNext, cutReads, shown } = setUp();
    await acceptNext(decisionEntry(3));
    cutReads();

    const settlement = await acceptNext(paymentEntry(2));

    expect(settlement).toMatchObject({ outcome: 'too_many' });
    expect(shown).toMatchObject([
      { order: undefined, payment: undefined, blanks: { entries: [paymentEntry(2)] } },
    ]);
  });

  it('of nothing shows nothing', async () => {
    const { shown } = await erased(decisionEntry(1), paymentEntry(2));

    expect(shown).toEqual([]);
  });

  it.each([
    ['as many as fit', 99, [100]],
    ['one more', 100, [100, 1]],
  ])(
    'blanks a hundred entries in each write, each with the whole row: %s',
    async (_what, payments, writes) => {
      const many = Array.from({ length: payments }, (_, number) => paymentEntry(number));
      const { shown } = await erased(...many, orderEntry(payments), decisionEntry(payments + 1));

      const last = shown.filter(({ blanks }) => blanks !== undefined);
      expect(last.map(({ blanks }) => blanks?.entries.length)).toEqual(writes);
      for (const { order: row, payment: paid } of last) {
        expect(row?.order).toEqual(order({ customerId: undefined, shippingAddress: undefined }));
        expect(paid?.payment).toEqual(payment({ cardLastFour: undefined }));
      }
      const ids = last.flatMap(({ blanks }) => blanks?.entries.map(({ eventId }) => eventId) ?? []);
      expect(new Set(ids).size).toBe(payments + 1);
    },
  );
});

describe('a fault', () => {
  const flow: readonly LedgerEntry[] = [
    paymentEntry(1),
    orderEntry(2, {}, { atMs: 5 }),
    orderEntry(3, { item: 'Book' }, { atMs: 5 }),
    paymentEntry(4, { paymentId: 7n, cardLastFour: undefined }),
    decisionEntry(5, { publishedAtMs: stamp(3).publishedAtMs }),
  ];
  const cases = flow.flatMap((_, index) =>
    STEPS.flatMap((step) => (['before', 'after'] as const).map((side) => [side, step, index] as const)),
  );

  const endOf = async (fault?: (typeof cases)[number]) => {
    const { accept: acceptNext, memory, failAt, heal, reports } = setUp();
    for (const [index, entry] of flow.entries()) {
      if (fault !== undefined && index === fault[2]) {
        failAt(fault[1], fault[0]);
        // Not every event needs every step.
        await acceptNext(entry).catch((error: unknown) => expect(error).toBeInstanceOf(TransientError));
        heal();
      }
      await acceptNext(entry);
    }
    return {
      record: await memory.findOrderRecord(1n),
      writeTimes: memory.tables.facts.writeTimes('1'),
      told: new Set(reports().map(({ id }) => id)),
    };
  };

  it.each(cases)('%s %s of event %i ends like none, once it is delivered again', async (...fault) => {
    expect(await endOf(fault)).toEqual(await endOf());
  });

  it.each(STEPS)('of %s is thrown, and later steps are not made', async (step) => {
    const { accept: acceptNext, failAt, steps } = setUp();
    await acceptNext(orderEntry(1));
    await acceptNext(paymentEntry(2));
    steps();
    failAt(step, 'before');

    await expect(acceptNext(paymentEntry(3, { paymentId: 7n }))).rejects.toThrow(`${step} failed`);

    expect(steps()).toEqual(STEPS.slice(0, STEPS.indexOf(step)));
  });
});

import { describe, expect, it } from 'vitest';
import {
  ANY_DEAD_LETTER,
  createRowMatcher,
  type DeadLetterFilter,
  describeFilter,
  headColumnsOf,
} from '../../../shared/operations/deadLetterFilter.ts';
import type { DeadLetterHead } from '../../../shared/store/operationsStore.ts';
import { findingReport } from '../../../shared/protocol/reportsOf.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { deadLetterRow } from '../../support/messages/records.ts';

const HOUR_MS = 3_600_000;
const NEXT_DAY_MS = Date.UTC(2024, 0, 22);
const row = deadLetterRow(1);
/** It stands since the day before that of the event which told it. */
const finding = deadLetterRow(1, { reason: 'conflict', day: '2024-01-20' });

const matches = (filter: Partial<DeadLetterFilter>, of: DeadLetterHead = row): boolean =>
  createRowMatcher({ ...ANY_DEAD_LETTER, ...filter })(of);

describe('a filter', () => {
  it.for<[string, Partial<DeadLetterFilter>, boolean]>([
    ['nothing', {}, true],
    ['its id', { ids: [stamp(9).eventId, stamp(1).eventId] }, true],
    ['another id', { ids: [stamp(9).eventId] }, false],
    ['one of its reasons', { reasons: ['invalid', 'unmatched'] }, true],
    ['another reason', { reasons: ['invalid'] }, false],
    ['its topic', { topic: 'payments_data' }, true],
    ['another topic', { topic: 'orders_data' }, false],
    ['its order', { orderId: 1n }, true],
    ['another order', { orderId: 2n }, false],
    ['its payment', { paymentId: 1001n }, true],
    ['another payment', { paymentId: 1n }, false],
    ['a text of its error, in any case', { error: 'WAITS for' }, true],
    ['another text', { error: 'price' }, false],
    ['the kind of its error', { kind: 'payment # waits for order #' }, true],
    ['a part of the kind', { kind: 'payment #' }, false],
    ['a time before it', { sinceMs: PUBLISHED_AT_MS }, true],
    ['a time after it', { sinceMs: PUBLISHED_AT_MS + HOUR_MS }, false],
    ['an end after it', { untilMs: PUBLISHED_AT_MS + HOUR_MS }, true],
    ['an end before it', { untilMs: PUBLISHED_AT_MS - HOUR_MS }, false],
    ['all of it, but for one', { orderId: 1n, topic: 'payments_data', reasons: ['conflict'] }, false],
  ])('that names %s', ([, filter, expected]) => {
    expect(matches(filter)).toBe(expected);
  });

  it('that names a payment finds the conflict that names it, whichever event told it', () => {
    const { error } = findingReport(17n, {
      reason: 'conflict',
      ids: ['1017', '2017', '3017'],
      state: '',
      eventIds: new Set(),
      sinceMs: PUBLISHED_AT_MS,
    });
    const conflict = deadLetterRow(1, { reason: 'conflict', orderId: 17n, paymentId: 3017n, error });
    const finds = (paymentId: bigint) => matches({ paymentId }, conflict);

    expect([1017n, 2017n, 3017n].map(finds)).toEqual([true, true, true]);
    // The order's id, the number of payments, and a part of an id are no payments of it.
    expect([17n, 3n, 101n].map(finds)).toEqual([false, false, false]);
    expect(matches({ paymentId: 1017n }, { ...conflict, reason: 'invalid' })).toBe(false);
  });

  it('takes a finding by its day, because its time is that of the event which told it', () => {
    expect(matches({ sinceMs: PUBLISHED_AT_MS - 24 * HOUR_MS }, finding)).toBe(true);
    expect(matches({ sinceMs: PUBLISHED_AT_MS - HOUR_MS }, finding)).toBe(false);
    expect(matches({ untilMs: PUBLISHED_AT_MS - 20 * HOUR_MS }, finding)).toBe(true);
  });

  it.each([
    ['on its first day, from its time on', { sinceMs: PUBLISHED_AT_MS }, PUBLISHED_AT_MS, true],
    ['on its first day, not before its time', { sinceMs: PUBLISHED_AT_MS + 1 }, PUBLISHED_AT_MS, false],
    ['on its last day, up to its time', { untilMs: PUBLISHED_AT_MS }, PUBLISHED_AT_MS, true],
    ['on its last day, not after its time', { untilMs: PUBLISHED_AT_MS - 1 }, PUBLISHED_AT_MS, false],
    ['on its last day, told by an event of the next one', { untilMs: PUBLISHED_AT_MS }, NEXT_DAY_MS, true],
    ['on its last day, told within it', { untilMs: PUBLISHED_AT_MS }, NEXT_DAY_MS - 1, false],
  ])('takes a finding %s', (_what, filter, publishedAtMs, expected) => {
    expect(matches(filter, deadLetterRow(1, { reason: 'conflict', publishedAtMs }))).toBe(expected);
  });

  it('takes a dead letter of a later or an earlier day, whatever its hour', () => {
    expect(matches({ sinceMs: NEXT_DAY_MS - 1 }, deadLetterRow(1, { day: '2024-01-22' }))).toBe(true);
    expect(matches({ sinceMs: NEXT_DAY_MS }, row)).toBe(false);
    expect(matches({ untilMs: NEXT_DAY_MS - 1 }, deadLetterRow(1, { day: '2024-01-22' }))).toBe(false);
  });

  it('finds no text in a head that was read without its error', () => {
    const head: DeadLetterHead = { ...row, error: undefined };

    for (const text of ['waits', 'Stryker']) {
      expect([matches({ error: text }, head), matches({ kind: text }, head)]).toEqual([false, false]);
    }
    expect([matches({ error: '' }, head), matches({ kind: '' }, head)]).toEqual([true, true]);
  });

  it.for<[Partial<DeadLetterFilter>, readonly string[]]>([
    [{ ids: ['a'], reasons: ['invalid'], state: 'open', sinceMs: 1, untilMs: 2 }, []],
    [{ topic: 'orders_data' }, ['origin_topic']],
    [{ orderId: 1n }, ['order_id']],
    [{ paymentId: 1n }, ['payment_id', 'error']],
    [{ error: 'a' }, ['error']],
    [{ kind: 'a' }, ['error']],
  ])('%o reads the columns %j of a head', ([filter, columns]) => {
    expect(headColumnsOf({ ...ANY_DEAD_LETTER, ...filter })).toEqual(columns);
  });

  it('is described as a sentence', () => {
    expect(describeFilter(ANY_DEAD_LETTER)).toBe('all');
    expect(
      describeFilter({
        ids: ['a', 'b'],
        reasons: ['invalid', 'conflict'],
        topic: 'orders_data',
        orderId: 1n,
        paymentId: 2n,
        error: 'pri"ce',
        kind: 'price: expected a number',
        state: 'open',
        sinceMs: 0,
        untilMs: 1,
      }),
    ).toBe(
      'id a or b, reason invalid or conflict, topic orders_data, order 1, payment 2, error with "pri\\"ce", ' +
        'errors of the kind "price: expected a number", ' +
        'state open, first published since 1970-01-01T00:00:00.000Z until 1970-01-01T00:00:00.001Z',
    );
  });
});

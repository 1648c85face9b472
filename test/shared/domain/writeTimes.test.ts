import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deadLetterWriteTime,
  erasureWriteTime,
  ledgerWriteTime,
  orderWriteTime,
  payloadErasureWriteTime,
  paymentsCounted,
  paymentsWriteTime,
} from '../../../shared/domain/writeTimes.ts';
import { LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

/** An event id whose first fifteen digits are this number. */
const idOf = (number: number): string => number.toString(16).padStart(15, '0').padEnd(32, 'f');

const eventId = fc.stringMatching(/^[0-9a-f]{32}$/);
const timeMs = fc.nat({ max: 4_000_000_000_000 });
const rank = fc.nat({ max: 20 });

describe('the write time of a row of the ledger', () => {
  it('is the first publish time in microseconds', () => {
    expect(ledgerWriteTime({ publishedAtMs: PUBLISHED_AT_MS })).toBe(1_705_831_200_123_000n);
  });

  it('is before an erasure of the same millisecond, and after one of an earlier millisecond', () => {
    const row = ledgerWriteTime({ publishedAtMs: PUBLISHED_AT_MS });

    expect(erasureWriteTime(PUBLISHED_AT_MS)).toBe(row + 1n);
    expect(erasureWriteTime(PUBLISHED_AT_MS - 1)).toBeLessThan(row);
  });
});

describe('the write time of the order columns', () => {
  it.each([
    ['its time, two digits of its event id, and no rank', 199, 0, 1_705_831_200_123_990n],
    ['a rank in the last digit', 199, 3, 1_705_831_200_123_993n],
    ['a rank of at most nine', 100, 12, 1_705_831_200_123_009n],
  ])('has %s', (_what, number, of, expected) => {
    expect(orderWriteTime({ eventId: idOf(number), atMs: PUBLISHED_AT_MS }, of)).toBe(expected);
  });

  it('has no rank when none is given', () => {
    expect(orderWriteTime({ eventId: idOf(5), atMs: 1 })).toBe(1_050n);
  });

  it('orders versions by their time, whatever their ids and ranks', () => {
    fc.assert(
      fc.property(eventId, eventId, timeMs, rank, rank, (earlier, later, atMs, ofEarlier, ofLater) => {
        expect(orderWriteTime({ eventId: earlier, atMs }, ofEarlier)).toBeLessThan(
          orderWriteTime({ eventId: later, atMs: atMs + 1 }, ofLater),
        );
      }),
    );
  });
});

describe('the write time of the payment columns', () => {
  it('counts the entries, then those that are erased, and adds nine digits of all ids together', () => {
    expect(paymentsWriteTime([idOf(999)], 0)).toBe(10_000_000_999n);
    expect(paymentsWriteTime([idOf(999), idOf(2_000_000_001)], 2)).toBe(22_000_001_000n);
    expect(paymentsWriteTime([idOf(999_999_999), idOf(2)], 0)).toBe(20_000_000_001n);
    expect(paymentsWriteTime([idOf(1)], 12)).toBe(19_000_000_001n);
  });

  it('says how many entries were counted', () => {
    const ids = fc.uniqueArray(eventId, { maxLength: 12 });

    fc.assert(
      fc.property(ids, fc.nat(12), (some, erased) => {
        expect(paymentsCounted(paymentsWriteTime(some, erased))).toBe(some.length);
      }),
    );
  });

  it('does not depend on the order of the ids', () => {
    const ids = fc.uniqueArray(eventId, { minLength: 1, maxLength: 5 });

    fc.assert(
      fc.property(ids, fc.nat(3), (some, erased) => {
        expect(paymentsWriteTime(some.toReversed(), erased)).toBe(paymentsWriteTime(some, erased));
      }),
    );
  });

  it('is later when one more entry is seen, or one more of them erased, whatever the ids', () => {
    fc.assert(
      fc.property(
        fc.array(eventId, { maxLength: 4 }),
        fc.array(eventId, { maxLength: 4 }),
        (some, others) => {
          const more = [...others.slice(0, some.length), ...some, idOf(0)].slice(0, some.length + 1);

          expect(paymentsWriteTime(more, 0)).toBeGreaterThan(paymentsWriteTime(some, some.length));
          expect(paymentsWriteTime(some, 1)).toBeGreaterThan(paymentsWriteTime(some, 0));
        },
      ),
    );
  });

  it('differs between different entries, even when they are as many', () => {
    expect(paymentsWriteTime([idOf(1), idOf(2)], 0)).not.toBe(paymentsWriteTime([idOf(1), idOf(3)], 0));
  });

  it.each([
    [200, 1_970],
    [LEDGER_ENTRIES_MAX, 1_973],
  ])('of %i entries lies in %i', (count, year) => {
    const ids = Array.from({ length: count }, () => 'f'.repeat(32));

    expect(new Date(Number(paymentsWriteTime(ids, count) / 1000n)).getUTCFullYear()).toBe(year);
  });
});

describe('the write time of a dead letter', () => {
  it('is the publish time of the event that carries it, with three digits of its id', () => {
    expect(deadLetterWriteTime({ eventId: idOf(4_321), publishedAtMs: PUBLISHED_AT_MS })).toBe(
      1_705_831_200_123_321n,
    );
  });
});

describe('the write time of the erasure of a payload', () => {
  it('is after each dead letter that was published up to it, and before each later one', () => {
    const erasedAt = payloadErasureWriteTime(PUBLISHED_AT_MS);
    const digits = [idOf(0), idOf(999)];

    for (const id of digits) {
      expect(deadLetterWriteTime({ eventId: id, publishedAtMs: PUBLISHED_AT_MS })).toBeLessThanOrEqual(
        erasedAt,
      );
      expect(deadLetterWriteTime({ eventId: id, publishedAtMs: PUBLISHED_AT_MS + 1 })).toBeGreaterThan(
        erasedAt,
      );
    }
  });
});

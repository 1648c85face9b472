import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/onOrder/decide.ts';
import { ledgerEntry } from '../../support/messages/builders.ts';
import { payment, PUBLISHED_AT_MS } from '../../../proof/referenceMessages.ts';

const older = ledgerEntry({ eventId: 'aaaaaaaa000000000000000000000000' });
const newer = ledgerEntry({
  eventId: 'bbbbbbbb000000000000000000000000',
  publishedAtMs: PUBLISHED_AT_MS + 1,
});

describe('what an order means for the payments before it', () => {
  it('is to wait when there are none', () => {
    expect(decide([])).toEqual({ kind: 'wait' });
  });

  it('is to attach a parked payment and to close its dead letter', () => {
    const parked = ledgerEntry({ isParked: true });

    expect(decide([parked])).toEqual({ kind: 'attach', payments: [parked], parked: [parked] });
  });

  it('is to attach a payment that was never parked, and to close no dead letter, for there is none', () => {
    expect(decide([older])).toEqual({ kind: 'attach', payments: [older], parked: [] });
  });

  it.each([
    ['in order', [older, newer]],
    ['in reverse', [newer, older]],
  ])('is to attach the newest of several payments, read %s', (_how, ledger) => {
    expect(decide(ledger)).toMatchObject({ kind: 'attach', payments: [newer] });
  });

  it('is to close the dead letters of all parked payments, shown or not', () => {
    const parked = [
      { ...older, isParked: true },
      { ...newer, isParked: true },
    ];

    const result = decide([...parked, ledgerEntry()]);

    expect(result).toMatchObject({ parked });
  });

  it('is to attach all payments whose write times tie, for Cassandra then picks each cell (I4)', () => {
    // The first eight hex digits make the write time's last three: 0 and 1000 both give 000.
    const tied = [
      ledgerEntry({ eventId: '00000000aaaaaaaaaaaaaaaaaaaaaaaa' }),
      ledgerEntry({ eventId: '000003e8bbbbbbbbbbbbbbbbbbbbbbbb', payment: payment({ paymentId: 1002n }) }),
    ];
    const earlier = ledgerEntry({
      eventId: 'ffffffffcccccccccccccccccccccccc',
      publishedAtMs: PUBLISHED_AT_MS - 1,
    });

    expect(decide([earlier, ...tied])).toMatchObject({ kind: 'attach', payments: tied });
  });
});

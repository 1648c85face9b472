import { describe, expect, it } from 'vitest';
import { nameToPlace, nameToSubject, placeToName, subjectToName } from '../../../shared/store/auditKeys.ts';

const deadLetter = { day: '2026-11-29', shard: 17, id: 'ab'.repeat(16), reason: 'invalid' } as const;

describe('the names of the audit', () => {
  it.each([
    { table: 'orders', orderId: 17n },
    // Tally never writes one. It is what a row of another writer is found by.
    { table: 'orders', orderId: -5n },
    { table: 'dead_letters', deadLetter },
    { table: 'dead_letters', deadLetter: { ...deadLetter, shard: 5_000, id: 'row 1' } },
  ] as const)('lead back to the subject %o', (subject) => {
    expect(nameToSubject(subjectToName(subject))).toEqual(subject);
  });

  it.each([
    { table: 'orders', after: undefined },
    { table: 'orders', after: -5n },
    { table: 'dead_letters', after: undefined },
    { table: 'dead_letters', after: deadLetter },
  ] as const)('lead back to the place %o', (place) => {
    expect(nameToPlace(placeToName(place))).toEqual(place);
  });

  it.each([
    { table: 'orders', key: 'x' },
    { table: 'orders', key: '1.5' },
    { table: 'dead_letters', key: '2026-11-29/17/ab' },
    { table: 'ledger_by_order', key: '1' },
    { table: 'ledger_by_order', key: '' },
  ])('mean nothing where nothing has the name %o', (name) => {
    expect(nameToSubject(name)).toBeUndefined();
    expect(nameToPlace(name)).toBeUndefined();
  });
});

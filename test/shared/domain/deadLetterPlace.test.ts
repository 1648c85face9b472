import { describe, expect, it } from 'vitest';
import {
  comparePlaces,
  formatPlace,
  parseForeignPlace,
  parsePlace,
} from '../../../shared/domain/deadLetterPlace.ts';

const PLACE = {
  day: '2026-11-24',
  shard: 495,
  id: '0123456789abcdef'.repeat(2),
  reason: 'invalid',
} as const;

describe('the place of a dead letter', () => {
  it('is read as it is written', () => {
    expect(formatPlace(PLACE)).toBe('2026-11-24/495/0123456789abcdef0123456789abcdef/invalid');
    expect(parsePlace(formatPlace(PLACE))).toEqual(PLACE);
    expect(parseForeignPlace(formatPlace(PLACE))).toEqual(PLACE);
    expect(parsePlace(formatPlace({ ...PLACE, shard: 0 }))).toEqual({ ...PLACE, shard: 0 });
  });

  it.each([
    { day: '12026-11-24' },
    { day: '2026-11-245' },
    { day: '2026-11-45' },
    { day: '' },
    { day: '2026-11-24T00:00' },
    { shard: 1_024 },
    { shard: -1 },
    { id: '' },
    { id: 'row 1/2\n3' },
  ])('is only read where another writer may have made it: %o', (foreign) => {
    const place = { ...PLACE, ...foreign };

    expect(parsePlace(formatPlace(place))).toBeUndefined();
    expect(parseForeignPlace(formatPlace(place))).toEqual(place);
  });

  it.each([`${PLACE.day}/0495/${PLACE.id}/invalid`, `${PLACE.day}/-0/${PLACE.id}/invalid`])(
    'has one text, which is not %s',
    (text) => {
      expect(parsePlace(text)).toBeUndefined();
    },
  );

  it.each([
    '',
    '17',
    'a/b/c/d',
    `${PLACE.day}/495/${PLACE.id}/unknown`,
    `${PLACE.day}/495/${PLACE.id}`,
    `${PLACE.day}/1.5/${PLACE.id}/invalid`,
    `/${PLACE.day}/495/${PLACE.id}/invalid`,
    `${PLACE.day}/495/${PLACE.id}/invalid/`,
  ])('is never %j', (text) => {
    expect(parsePlace(text)).toBeUndefined();
    expect(parseForeignPlace(text)).toBeUndefined();
  });

  it('is sorted by day, by the number of its shard, by id and by reason', () => {
    const sorted = [
      { ...PLACE, day: '2026-11-23', shard: 999 },
      { ...PLACE, shard: 9 },
      { ...PLACE, shard: 10 },
      PLACE,
      { ...PLACE, reason: 'unmatched' as const },
      { ...PLACE, id: 'f'.repeat(32) },
    ];

    expect(sorted.toReversed().toSorted(comparePlaces)).toEqual(sorted);
    for (const [index, place] of sorted.entries()) {
      for (const later of sorted.slice(index + 1)) {
        expect([comparePlaces(place, later) < 0, comparePlaces(later, place) > 0]).toEqual([true, true]);
      }
    }
    expect(comparePlaces(PLACE, { ...PLACE })).toBe(0);
  });
});

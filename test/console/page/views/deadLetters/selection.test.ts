import { describe, expect, it } from 'vitest';
import type { LetterFilter } from '../../../../../console/deadLetterContract.ts';
import {
  canToggle,
  isSelected,
  nameSelection,
  NOTHING,
  sayExpired,
  saySelection,
  selectAll,
  selectPlaces,
  type Selection,
  targetOf,
  toggle,
  toLetterSelection,
} from '../../../../../console/page/views/deadLetters/selection.ts';
import { letterRow } from '../../../../support/console/letterRow.ts';

const FILTER: LetterFilter = { reason: 'invalid', kind: '', topic: '', age: '', state: 'open', text: '' };
const ROWS = ['a', 'b', 'c'].map((place) => letterRow(place));
const all = (fits: number, changes = {}) =>
  selectAll(FILTER, {
    atMs: 7,
    text: '',
    fits,
    notLookedAt: 0,
    listed: fits,
    all: fits,
    expired: 0,
    said: 'reason invalid, state open',
    discard: 'npx tally dlq discard',
    ...changes,
  });

describe('a selection', () => {
  it('is all that fit the filter, at the time of the list, whatever page is shown', () => {
    expect(all(31)).toMatchObject({ by: 'filter', filter: FILTER, atMs: 7, count: 31, isExact: true });
    expect(saySelection(all(1_031))).toEqual({ count: '1,031 selected', what: 'all that fit the filter' });
    expect(isSelected(all(31), letterRow('on another page'))).toBe(true);
    expect(all(0)).toBe(NOTHING);
  });

  it('has the text as it was taken, so that it stays what it was once its letters are closed', () => {
    expect(all(1, { text: 'order 17' })).toMatchObject({ filter: { text: 'order 17' } });
  });

  it('counts what nobody has looked at yet, or what is not listed, as at most so many', () => {
    expect(saySelection(all(96, { notLookedAt: 904 })).count).toBe('Up to 1,000 selected');
    expect(saySelection(all(96, { listed: 100_000, all: 100_400 })).count).toBe('Up to 496 selected');
    expect(canToggle(all(2, { notLookedAt: 1 }), ROWS)).toBe(false);
  });

  it('is not nothing where no letter fits, and payments wait whose letters have expired', () => {
    expect(all(0, { expired: 1 })).toMatchObject({ count: 0, expired: 1 });
    expect(saySelection(all(0, { expired: 1 })).count).toBe('0 selected, and 1 waiting without a letter');
    expect(sayExpired(1)).toBe(', and 1 waiting without a letter');
    expect(sayExpired(0)).toBe('');
    expect(canToggle(all(3, { expired: 1 }), ROWS)).toBe(false);
  });

  it('is single ones, by their places, and nothing when the last one is taken away', () => {
    const two = toggle(toggle(NOTHING, 'a', ROWS), 'c', ROWS);

    expect(two).toEqual(selectPlaces(['a', 'c']));
    expect(ROWS.map((one) => isSelected(two, one))).toEqual([true, false, true]);
    expect(toggle(toggle(two, 'a', ROWS), 'c', ROWS)).toBe(NOTHING);
  });

  it('loses one of all that fit only while all of them are seen', () => {
    expect(toggle(all(3), 'b', ROWS)).toEqual(selectPlaces(['a', 'c']));
    expect(canToggle(all(4), ROWS)).toBe(false);
    expect(toggle(all(4), 'b', ROWS)).toEqual(all(4));
  });

  it('is left alone while a letter is open: then an action is about that letter', () => {
    expect(targetOf(NOTHING, 'a')).toEqual(selectPlaces(['a']));
    expect(targetOf(selectPlaces(['b']), 'a')).toEqual(selectPlaces(['a']));
    expect(targetOf(all(3), 'a')).toEqual(selectPlaces(['a']));
    expect(targetOf(all(3), '')).toEqual(all(3));
    expect(targetOf(NOTHING, '')).toBe(NOTHING);
  });

  it('is named by its first three ids, or by its filter', () => {
    const places = ['a', 'b', 'c', 'd', 'e'].map((digit) => `2026-11-24/495/${digit.repeat(32)}/invalid`);
    const nameOf = (selection: Selection): string =>
      selection.by === 'none' ? '' : nameSelection(selection);
    const ofFilter = (filter: Partial<LetterFilter>) => ({ ...all(3), filter: { ...FILTER, ...filter } });

    expect(nameOf(selectPlaces(places))).toBe('aaaaaaaa, bbbbbbbb, cccccccc and 2 more');
    expect(nameOf(selectPlaces(places.slice(0, 1)))).toBe('aaaaaaaa');
    expect(nameOf(all(3))).toBe('All that fit the filter: reason invalid, state open');
    expect(nameOf(ofFilter({ age: 'older-1h' }))).toBe(
      'All that fit the filter: reason invalid, state open, age older than 1h',
    );
  });

  it('goes to the server without what only the page needs', () => {
    const sentOf = (selection: Selection) =>
      selection.by === 'none' ? undefined : toLetterSelection(selection);

    expect(sentOf(all(3))).toEqual({ by: 'filter', filter: FILTER, atMs: 7 });
    expect(sentOf(selectPlaces(['a']))).toEqual({ by: 'places', places: ['a'] });
  });
});

import { format } from '../../parts/format.ts';
import type { LetterFilter, LetterPage, LetterRow, LetterSelection } from '../../../deadLetterContract.ts';
import { shortId } from './reasons.ts';

/** What is known of a selection. Not exact: at most so many, because some have not been looked at. */
interface SelectionFacts {
  readonly count: number;
  readonly isExact: boolean;
  /** So many payments wait beside them and have no dead letter any more. Only a discard takes them. */
  readonly expired: number;
  /** Of a filter: it as a sentence, and the command that discards the same, both as of the list. */
  readonly said: string;
  readonly discard: string;
}

/** What a person has selected. */
export type Selection = { readonly by: 'none' } | Selected;
export type Selected = LetterSelection & SelectionFacts;

export const NOTHING: Selection = { by: 'none' };

type Counted = Pick<
  LetterPage,
  'atMs' | 'text' | 'fits' | 'notLookedAt' | 'listed' | 'all' | 'expired' | 'said' | 'discard'
>;

/**
 * All that fit the filter, on this page or not. What is not listed, or not looked at yet, may fit, too. It
 * has the text as it was taken: the same digits may mean something else once these are closed.
 * @param page that of this very filter: it says how many there are.
 */
export const selectAll = (
  filter: LetterFilter,
  { atMs, text, fits, notLookedAt, listed, all, expired, said, discard }: Counted,
): Selection => {
  const unknown = notLookedAt + (all - listed);
  const count = fits + unknown;
  return count + expired === 0
    ? NOTHING
    : {
        by: 'filter',
        filter: { ...filter, text },
        atMs,
        count,
        isExact: unknown === 0,
        expired,
        said,
        discard,
      };
};

/** Single ones, by their places. */
export const selectPlaces = (places: readonly string[]): Selection =>
  places.length === 0
    ? NOTHING
    : { by: 'places', places, count: places.length, isExact: true, expired: 0, said: '', discard: '' };

export const isSelected = (selection: Selection, { place }: Pick<LetterRow, 'place'>): boolean =>
  selection.by === 'filter' || (selection.by === 'places' && selection.places.includes(place));

/** All that fit can lose one only while all of them are seen. Else the rest would be what is on this page. */
export const canToggle = (selection: Selection, rows: readonly LetterRow[]): boolean =>
  selection.by !== 'filter' ||
  (selection.isExact && selection.expired === 0 && selection.count === rows.length);

/** Adds one, or takes it away. */
export const toggle = (selection: Selection, place: string, rows: readonly LetterRow[]): Selection => {
  if (!canToggle(selection, rows)) return selection;
  const places =
    selection.by === 'none'
      ? []
      : selection.by === 'places'
        ? selection.places
        : rows.map((row) => row.place);
  return selectPlaces(places.includes(place) ? places.filter((one) => one !== place) : [...places, place]);
};

/** What an action is about: the letter that is open, as the route says, or else what is selected. */
export const targetOf = (selection: Selection, letter: string): Selection =>
  letter === '' ? selection : selectPlaces([letter]);

/** `2026-11-24/495/0123…/invalid` → `0123…` */
export const idOf = (place: string): string => place.split('/')[2] ?? '';

const NAMED_MAX = 3;

/** What an action is about, by its first ids: `0123abcd, 4567cdef, 89ab0123 and 4 more`; or by its filter. */
export const nameSelection = (selection: Selected): string => {
  if (selection.by === 'filter') {
    const { age } = selection.filter;
    return `All that fit the filter: ${selection.said}${age === '' ? '' : `, age ${age.replace('-', ' than ')}`}`;
  }
  const named = selection.places.slice(0, NAMED_MAX).map((place) => shortId(idOf(place)));
  const others = selection.places.length - named.length;
  return `${named.join(', ')}${others === 0 ? '' : ` and ${format.count(others)} more`}`;
};

/** The same without what only the page needs. */
export const toLetterSelection = (selected: Selected): LetterSelection =>
  selected.by === 'places'
    ? { by: 'places', places: selected.places }
    : { by: 'filter', filter: selected.filter, atMs: selected.atMs };

/** `31 selected, all that fit the filter`: a selection of more than a page is said in words. */
export const saySelection = (selection: Selection): { readonly count: string; readonly what: string } => {
  if (selection.by === 'none') return { count: 'Nothing selected', what: '' };
  const what = selection.by === 'filter' ? 'all that fit the filter' : 'one by one, on any page';
  return {
    count: `${selection.isExact ? '' : 'Up to '}${format.count(selection.count)} selected${sayExpired(selection.expired)}`,
    what,
  };
};

/** What a discard takes beside dead letters, to be added to a sentence. */
export const sayExpired = (count: number): string =>
  count === 0 ? '' : `, and ${format.count(count)} waiting without a letter`;

import type { LetterSelection } from '../../deadLetterContract.ts';
import {
  ANY_DEAD_LETTER,
  createRowMatcher,
  type DeadLetterFilter,
  describeFilter,
} from '../../../shared/operations/deadLetterFilter.ts';
import { comparePlaces, parsePlace } from '../../../shared/operations/parsePlace.ts';
import { selectDeadLetters } from '../../../shared/operations/selectDeadLetters.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterPlace, DeadLetterRow } from '../../../shared/store/store.ts';
import { toDeadLetterFilter } from './toDeadLetterFilter.ts';
import type { LetterSnapshot } from './letterIndex.ts';

/** What an action is about, in the words and in the order of the commands. */
export interface SelectedLetters {
  readonly filter: DeadLetterFilter;
  /** The filter as a sentence, for the history. */
  readonly said: string;
  /** Reads them from the tables, in the order of `comparePlaces`. */
  readonly rows: (after?: DeadLetterPlace) => AsyncIterable<DeadLetterRow>;
  /** How many the list counted; undefined when it did not count all of them. */
  readonly counted: number | undefined;
}

/** The dead letters of a selection. Single ones are taken as they are, open or not. */
export const selectLetters = (
  store: OperationsStore,
  selection: LetterSelection,
  { snapshot, nowMs }: { readonly snapshot: LetterSnapshot; readonly nowMs: number },
): SelectedLetters => {
  if (selection.by === 'filter') {
    const filter = toDeadLetterFilter(selection.filter, { snapshot, atMs: selection.atMs });
    return {
      filter,
      said: describeFilter(filter),
      rows: (after) => selectDeadLetters(store, filter, { nowMs, after }),
      counted: countFitting(snapshot, filter),
    };
  }
  const places = selection.places
    .map(parsePlace)
    .filter((place) => place !== undefined)
    .toSorted(comparePlaces);
  const filter = { ...ANY_DEAD_LETTER, ids: [...new Set(places.map(({ id }) => id))] };
  return {
    filter,
    said: describeFilter(filter),
    rows: (after) => readPlaces(store, places, after),
    counted: undefined,
  };
};

const countFitting = (
  { letters, all, hasStates }: LetterSnapshot,
  filter: DeadLetterFilter,
): number | undefined => {
  if (letters.length < all || !hasStates) return undefined;
  const matches = createRowMatcher(filter);
  const isWanted = ({ isOpen }: LetterSnapshot['letters'][number]): boolean =>
    filter.state === undefined || isOpen === (filter.state === 'open');
  return letters.filter((letter) => isWanted(letter) && matches(letter.row)).length;
};

const readPlaces = async function* (
  store: Pick<OperationsStore, 'findDeadLetters'>,
  places: readonly DeadLetterPlace[],
  after: DeadLetterPlace | undefined,
): AsyncGenerator<DeadLetterRow> {
  for (const place of places) {
    if (after !== undefined && comparePlaces(place, after) <= 0) continue;
    const row = (await store.findDeadLetters(place)).find(({ reason }) => reason === place.reason);
    // It may have expired since it was listed.
    if (row !== undefined) yield row;
  }
};

import type { LetterSelection } from '../../deadLetterContract.ts';
import type { FindLedgerIds } from '../../../shared/audit/look.ts';
import {
  ANY_DEAD_LETTER,
  createRowMatcher,
  type DeadLetterFilter,
  describeFilter,
} from '../../../shared/operations/deadLetterFilter.ts';
import { comparePlaces, type DeadLetterPlace, parsePlace } from '../../../shared/domain/deadLetterPlace.ts';
import { selectDeadLetters } from '../../../shared/operations/selectDeadLetters.ts';
import { selectDiscardable } from '../../../shared/operations/selectDiscardable.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import { toDeadLetterFilter } from './toDeadLetterFilter.ts';
import type { LetterSnapshot } from './letterIndex.ts';

/** What an action is about, in the words and in the order of the commands. */
export interface SelectedLetters {
  readonly filter: DeadLetterFilter;
  /** The filter as a sentence, for the history. */
  readonly said: string;
  /** Reads them from the tables, in the order of `comparePlaces`. */
  readonly rows: (options: RowOptions) => AsyncIterable<DeadLetterRow>;
  /** How many the list has counted, so that nobody has to read all of them. */
  readonly counted: CountedLetters;
}

interface RowOptions {
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Goes on behind this dead letter. */
  readonly after?: DeadLetterPlace | undefined;
  /** Reads the ledgers. A later reader of the same orders gets what it keeps. */
  readonly findIds?: FindLedgerIds;
}

/** Where it is not exact, there are at most so many: nobody has looked at the ledgers of some. */
export interface CountedLetters {
  readonly count: number;
  readonly isExact: boolean;
}

interface SelectOptions {
  readonly snapshot: LetterSnapshot;
  readonly nowMs: number;
  /** Takes the payments, too, that wait for the order of a filter and whose dead letters have expired. */
  readonly isDiscard: boolean;
}

/** The dead letters of a selection. Single ones are taken as they are, open or not. */
export const selectLetters = (
  store: OperationsStore,
  selection: LetterSelection,
  { snapshot, nowMs, isDiscard }: SelectOptions,
): SelectedLetters => {
  if (selection.by === 'filter') {
    const filter = toDeadLetterFilter(selection.filter, { snapshot, atMs: selection.atMs, isDiscard });
    const select = isDiscard ? selectDiscardable : selectDeadLetters;
    return {
      filter,
      said: describeFilter(filter),
      rows: (options) => select(store, filter, { nowMs, ...options }),
      counted: countFitting(snapshot, filter),
    };
  }
  const places = [...new Set(selection.places)]
    .map(parsePlace)
    .filter((place) => place !== undefined)
    .toSorted(comparePlaces);
  const filter = { ...ANY_DEAD_LETTER, ids: [...new Set(places.map(({ id }) => id))] };
  return {
    filter,
    said: describeFilter(filter),
    rows: (options) => readPlaces(store, places, options),
    counted: { count: places.length, isExact: true },
  };
};

/** What is not listed, because there is too much of it, may fit as well. */
export const countFitting = (
  { letters, all }: Pick<LetterSnapshot, 'letters' | 'all'>,
  filter: DeadLetterFilter,
): CountedLetters => {
  const matches = createRowMatcher(filter);
  let count = all - letters.length;
  let isExact = count === 0;
  for (const letter of letters) {
    if (!matches(letter)) continue;
    const isUnknown = filter.state !== undefined && letter.isOpen === undefined;
    if (isUnknown) isExact = false;
    if (isUnknown || filter.state === undefined || letter.isOpen === (filter.state === 'open')) count += 1;
  }
  return { count, isExact };
};

const readPlaces = async function* (
  store: Pick<OperationsStore, 'findDeadLetters'>,
  places: readonly DeadLetterPlace[],
  { after, signal }: RowOptions,
): AsyncGenerator<DeadLetterRow> {
  for (const place of places) {
    if (signal.aborted) return;
    if (after !== undefined && comparePlaces(place, after) <= 0) continue;
    const row = (await store.findDeadLetters(place)).find(({ reason }) => reason === place.reason);
    // It may have expired since it was listed.
    if (row !== undefined) yield row;
  }
};

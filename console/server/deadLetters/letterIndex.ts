import { type DeadLetterPlace, formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import { sayError } from '../../sayError.ts';
import { createLetterLooker } from './letterLooker.ts';
import { type Letters, readLetters } from './readLetters.ts';
import { createToLetter, type IndexedLetter } from './toLetter.ts';

/** So many are looked at before a count is shown. More are looked at behind it. */
const BEFORE_SHOWN_MAX = 2_000;
/**
 * The tables are read again after this time, or after three times as long as that took, but for at most half
 * a minute: so it costs a quarter at most while a page looks.
 */
const FRESH_MS = 1_500;
const FRESH_TIMES = 3;
const FRESH_MAX_MS = 30_000;
/** A page asks every three seconds. When nobody has asked for so long, nobody looks any more. */
const ASKED_MS = 10_000;

/** All dead letters at one time. */
export interface LetterSnapshot extends Letters {
  readonly countedAtMs: number;
}

export interface LetterIndex {
  /** The newest snapshot; undefined while the first is being made. Makes a new one when this one is old. */
  readonly snapshot: () => LetterSnapshot | undefined;
  /** Rows that have been read for the snapshot that is being made; null when none is. */
  readonly reading: () => number | null;
  /** Looks at the ledgers of these now. */
  readonly lookAt: (letters: readonly IndexedLetter[]) => Promise<void>;
  /** Somebody acted on a dead letter, and it is not open any more. */
  readonly noteClosed: (place: DeadLetterPlace) => void;
  /** Something happened to a dead letter: looks at its ledger again. */
  readonly lookAgain: (place: DeadLetterPlace) => Promise<void>;
  /** Why the tables could not be read the last time; null when they could. */
  readonly problem: () => string | null;
  /** Ends what reads, at its next step. */
  readonly close: () => void;
}

/**
 * Counts dead letters by reading the whole table, and keeps what a page needs of them. So the groups, the
 * list and a selection are of one moment. Whether one is open is looked up again for the page that is shown.
 * Of many, the others are looked at in slices, and only while somebody asks.
 */
export const createLetterIndex = (store: OperationsStore, clock: () => number): LetterIndex => {
  let snapshot: LetterSnapshot | undefined;
  let reading: number | null = null;
  let [countDueAtMs, askedAtMs] = [0, 0];
  let problem: string | null = null;
  let isClosed = false;
  let byPlace: ReadonlyMap<string, IndexedLetter> = new Map();
  const toLetter = createToLetter();

  const isLeft = (): boolean => isClosed || clock() - askedAtMs > ASKED_MS;
  const onProblem = (error: unknown): void => {
    problem = sayError(error);
  };
  const onProgress = (rows: number): void => {
    reading = rows;
  };
  const looker = createLetterLooker(store, { clock, isLeft, onProblem });

  const count = async (): Promise<void> => {
    const startedAtMs = clock();
    const read = await readLetters(store, { known: byPlace, toLetter, onProgress });
    const { letters } = read;
    // Few are all of one moment. Of many, counts without states are better than none.
    const unknown = letters.filter(({ isOpen }) => isOpen === undefined);
    const first = letters.length <= BEFORE_SHOWN_MAX ? letters : unknown;
    if (first.length <= BEFORE_SHOWN_MAX && !looker.isLooking()) await looker.lookAt(first);
    byPlace = new Map(letters.map((letter) => [letter.place, letter]));
    snapshot = { ...read, countedAtMs: startedAtMs };
    problem = null;
    const tookMs = clock() - startedAtMs;
    countDueAtMs = clock() + Math.min(FRESH_MAX_MS, Math.max(FRESH_MS, tookMs * FRESH_TIMES));
  };

  const countWhenDue = (): void => {
    if (reading !== null || isClosed || clock() < countDueAtMs) return;
    reading = 0;
    count()
      .catch((error: unknown) => {
        onProblem(error);
        countDueAtMs = clock() + FRESH_MS;
      })
      .finally(() => (reading = null));
  };

  return {
    snapshot: () => {
      askedAtMs = clock();
      countWhenDue();
      // A count looks at few by itself.
      if (snapshot !== undefined && snapshot.letters.length > BEFORE_SHOWN_MAX) {
        looker.lookAround(snapshot.letters);
      }
      return snapshot;
    },
    reading: () => reading,
    lookAt: looker.lookAt,
    noteClosed: (place) => {
      const letter = byPlace.get(formatPlace(place));
      if (letter !== undefined) letter.isOpen = false;
    },
    lookAgain: async (place) => {
      const letter = byPlace.get(formatPlace(place));
      if (letter !== undefined) await looker.lookAt([letter]);
    },
    problem: () => problem,
    close: () => {
      isClosed = true;
    },
  };
};

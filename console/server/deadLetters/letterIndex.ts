import { createLedgerIdsCache } from '../../../shared/audit/look.ts';
import { formatPlace } from '../../../shared/operations/parsePlace.ts';
import { deadLetterState } from '../../../shared/operations/deadLetterState.ts';
import { errorKindOf, errorValuesOf } from '../../../shared/operations/errorKindOf.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterPlace, DeadLetterRow } from '../../../shared/store/store.ts';
import { sayError } from '../../sayError.ts';

/** So many single dead letters are kept, the newest. Each takes about 600 bytes. Counts are never cut. */
const LETTERS_KEPT_MAX = 100_000;
/** So many ledgers are read at the same time. */
const STATES_AT_ONCE = 32;
/**
 * The tables are read again after this time, or after three times as long as that took, but for at most half
 * a minute: so it costs a quarter at most while a page looks.
 */
const FRESH_MS = 1_500;
const FRESH_TIMES = 3;
const FRESH_MAX_MS = 30_000;

/** A dead letter as it was counted. */
export interface IndexedLetter {
  readonly row: DeadLetterRow;
  readonly place: string;
  readonly kind: string;
  /** What the error says beside its kind. */
  readonly values: string;
  /** Undefined while nobody has looked at its ledger. */
  isOpen: boolean | undefined;
}

/** All dead letters at one time. */
export interface LetterSnapshot {
  /** The newest first. */
  readonly letters: readonly IndexedLetter[];
  /** How many there are; more than `letters` has when there are too many. */
  readonly all: number;
  readonly countedAtMs: number;
  /** False while the ledgers of some are still being read. */
  readonly hasStates: boolean;
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
}

/**
 * Counts dead letters by reading the whole table, and keeps what a page needs of them. So the groups, the
 * list and a selection are of one moment. Whether one is open is looked up again for the page that is shown.
 */
export const createLetterIndex = (store: OperationsStore, clock: () => number): LetterIndex => {
  let snapshot: LetterSnapshot | undefined;
  let reading: number | null = null;
  let dueAtMs = 0;
  let problem: string | null = null;
  let byPlace = new Map<string, IndexedLetter>();

  const lookAt = (letters: readonly IndexedLetter[]): Promise<void> => lookAtStates(store, letters);

  const count = async (): Promise<void> => {
    const startedAtMs = clock();
    const { letters, all } = await readAll(store, (rows) => (reading = rows));
    const next = { letters, all, countedAtMs: startedAtMs };
    // The first time, counts without states are better than none.
    if (snapshot === undefined) snapshot = { ...next, hasStates: false };
    await lookAt(letters);
    byPlace = new Map(letters.map((letter) => [letter.place, letter]));
    snapshot = { ...next, hasStates: true };
    problem = null;
    dueAtMs = clock() + Math.min(FRESH_MAX_MS, Math.max(FRESH_MS, (clock() - startedAtMs) * FRESH_TIMES));
  };

  const countWhenDue = (): void => {
    if (reading !== null || clock() < dueAtMs) return;
    reading = 0;
    count()
      .catch((error: unknown) => {
        problem = sayError(error);
        dueAtMs = clock() + FRESH_MS;
      })
      .finally(() => (reading = null));
  };

  return {
    snapshot: () => {
      countWhenDue();
      return snapshot;
    },
    reading: () => reading,
    lookAt,
    noteClosed: (place) => {
      const letter = byPlace.get(formatPlace(place));
      if (letter !== undefined) letter.isOpen = false;
    },
    lookAgain: async (place) => {
      const letter = byPlace.get(formatPlace(place));
      if (letter !== undefined) await lookAt([letter]);
    },
    problem: () => problem,
  };
};

/** A dead letter of which nobody knows yet whether it is open. */
export const toLetter = (row: DeadLetterRow): IndexedLetter => ({
  row,
  place: formatPlace(row),
  kind: errorKindOf(row.error),
  values: errorValuesOf(row.error),
  isOpen: undefined,
});

const readAll = async (
  store: OperationsStore,
  onProgress: (rows: number) => void,
): Promise<Pick<LetterSnapshot, 'letters' | 'all'>> => {
  let letters: IndexedLetter[] = [];
  let all = 0;
  const newest = (): IndexedLetter[] =>
    letters
      .toSorted((a, b) => b.row.publishedAtMs - a.row.publishedAtMs || (a.place < b.place ? -1 : 1))
      .slice(0, LETTERS_KEPT_MAX);
  for await (const row of store.scanDeadLetters()) {
    all += 1;
    onProgress(all);
    letters.push(toLetter(row));
    if (letters.length >= 1.25 * LETTERS_KEPT_MAX) letters = newest();
  }
  return { letters: newest(), all };
};

/** The letters of one order stand together, so that its ledger is read once. */
const lookAtStates = async (store: OperationsStore, letters: readonly IndexedLetter[]): Promise<void> => {
  const findIds = createLedgerIdsCache(store);
  const sorted = letters.toSorted((a, b) => Number((a.row.orderId ?? 0n) - (b.row.orderId ?? 0n)));
  for (let first = 0; first < sorted.length; first += STATES_AT_ONCE) {
    await Promise.all(
      sorted.slice(first, first + STATES_AT_ONCE).map(async (letter) => {
        letter.isOpen = (await deadLetterState(store, letter.row, findIds)) === 'open';
      }),
    );
  }
};

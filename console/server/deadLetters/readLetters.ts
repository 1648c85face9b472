import { readAhead } from '../../../shared/operations/readAhead.ts';
import { formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import type { IndexedLetter } from './toLetter.ts';

/** So many single dead letters are kept, the newest. Each takes about 500 bytes. Counts are never cut. */
const LETTERS_KEPT_MAX = 100_000;

interface ReadOptions {
  /** Those that were read before, by place. One that is still the same is kept, with what is known of it. */
  readonly known: ReadonlyMap<string, IndexedLetter>;
  readonly toLetter: (row: DeadLetterRow) => IndexedLetter;
  /** Called with the number of rows that have been read. */
  readonly onProgress: (rows: number) => void;
}

export interface Letters {
  /** The newest first. What is known of their ledgers may be of another time. */
  readonly letters: readonly IndexedLetter[];
  /** How many there are; more than `letters` has when there are too many. */
  readonly all: number;
  /** The earliest day of all of them, such as `2026-11-24`; undefined when there are none. */
  readonly firstDay: string | undefined;
}

/** Reads the whole table, page by page, and keeps the newest letters, the newest first. */
export const readLetters = async (
  store: Pick<OperationsStore, 'scanDeadLetterPages'>,
  { known, toLetter, onProgress }: ReadOptions,
): Promise<Letters> => {
  let letters: IndexedLetter[] = [];
  let all = 0;
  let firstDay: string | undefined;
  const newest = (): IndexedLetter[] =>
    letters
      .toSorted((a, b) => b.publishedAtMs - a.publishedAtMs || (a.place < b.place ? -1 : 1))
      .slice(0, LETTERS_KEPT_MAX);
  for await (const rows of readAhead(store.scanDeadLetterPages())) {
    all += rows.length;
    onProgress(all);
    for (const row of rows) {
      if (firstDay === undefined || row.day < firstDay) firstDay = row.day;
      const before = known.get(formatPlace(row));
      letters.push(before !== undefined && isSame(before, row) ? before : toLetter(row));
    }
    if (letters.length >= 1.25 * LETTERS_KEPT_MAX) letters = newest();
  }
  return { letters: newest(), all, firstDay };
};

/** A row is written again when its event is redriven and told again, or when its payload is erased. */
const isSame = (letter: IndexedLetter, row: DeadLetterRow): boolean =>
  letter.toldBy === row.toldBy &&
  letter.error === row.error &&
  letter.redriveCount === row.redriveCount &&
  letter.recordedAtMs === row.recordedAtMs &&
  letter.payloadBytes === row.payloadBytes;

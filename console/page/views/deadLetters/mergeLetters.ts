import type { LetterRow } from '../../../deadLetterContract.ts';

interface MergedLetters {
  /** The rows that are on the page, where they are, as they are now. */
  readonly rows: readonly LetterRow[];
  /** The list would be another one. */
  readonly isOther: boolean;
}

/**
 * Keeps rows where they are while somebody points at them. One that is not in the fresh list any more is not
 * open any more, or not on this page. The fresh list is shown when the person asks for it.
 */
export const mergeLetters = (kept: readonly LetterRow[], fresh: readonly LetterRow[]): MergedLetters => {
  const byPlace = new Map(fresh.map((row) => [row.place, row]));
  const isOther =
    kept.length !== fresh.length || kept.some(({ place }, index) => fresh[index]?.place !== place);
  return { rows: kept.map((row) => byPlace.get(row.place) ?? { ...row, isOpen: false }), isOther };
};

import { useEffect, useState } from 'preact/hooks';
import type { LetterPage, LetterRow } from '../../../deadLetterContract.ts';
import { mergeLetters } from './mergeLetters.ts';

/**
 * Rows stay where they are while the pointer or the focus is in the list. Those of another list stay until
 * the answer to this path comes, and say nothing about it.
 * @param page the answer to this path; null until it has come.
 */
export const useStillRows = (page: LetterPage | null, path: string) => {
  const [kept, setKept] = useState<{ readonly path: string; readonly rows: readonly LetterRow[] }>({
    path,
    rows: [],
  });
  const fresh = page?.rows ?? kept.rows;
  const merged = mergeLetters(kept.rows, fresh);
  const isPointedAt = document.querySelector('#letters tbody:is(:hover, :focus-within)') !== null;
  const isHeld = kept.path === path && isPointedAt && merged.isOther;
  const showFresh = (): void => setKept({ path, rows: fresh });
  useEffect(() => {
    if (page !== null && !isHeld) showFresh();
  }, [page, path]);
  return isHeld
    ? { rows: merged.rows, isOther: true, showFresh }
    : { rows: fresh, isOther: false, showFresh };
};

import { useRef } from 'preact/hooks';
import type { Frame } from '../../../contract.ts';

/** Over these seconds, rows that were not listed are counted. */
const OVER_MS = 10_000;

/** How many rows fitted in the last seconds and were not listed. @param filter another filter counts anew. */
export const useUnlisted = (frame: Frame | null, filter: string): number => {
  const seen = useRef<{
    filter: string;
    frame: Frame | null;
    counts: readonly { atMs: number; count: number }[];
  }>({
    filter,
    frame: null,
    counts: [],
  });
  const { current } = seen;
  if (current.filter !== filter) seen.current = { filter, frame, counts: [] };
  else if (frame !== null && current.frame !== frame) {
    const counts = current.counts.filter(({ atMs }) => atMs > frame.atMs - OVER_MS);
    seen.current = { filter, frame, counts: [...counts, { atMs: frame.atMs, count: frame.unlisted }] };
  }
  return seen.current.counts.reduce((total, { count }) => total + count, 0);
};

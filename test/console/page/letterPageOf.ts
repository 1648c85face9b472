import type { LetterPage, LetterRow } from '../../../console/deadLetterContract.ts';

/** A page of dead letters that were counted and looked at, all of them on it. */
export const letterPageOf = (rows: readonly LetterRow[], changes: Partial<LetterPage> = {}): LetterPage => ({
  countedAtMs: 1,
  reading: null,
  problem: null,
  all: rows.length,
  open: rows.length,
  lookedAt: rows.length,
  lookedSinceMs: 1,
  listed: rows.length,
  groups: [],
  said: 'state open',
  text: '',
  other: null,
  fits: rows.length,
  notLookedAt: 0,
  expired: 0,
  values: [],
  rows,
  page: 1,
  pages: 1,
  atMs: 1,
  command: 'npx tally dlq ls',
  discard: 'npx tally dlq discard',
  ...changes,
});

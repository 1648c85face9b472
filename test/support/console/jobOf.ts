import type { Job } from '../../../console/deadLetterContract.ts';

/** A discard that runs, of 10 letters. */
export const jobOf = (changes: Partial<Job> = {}): Job => ({
  id: 'a',
  action: 'discard',
  state: 'running',
  operator: 'ann',
  said: 'all',
  startedAtMs: 0,
  endedAtMs: null,
  ratePerSecond: null,
  total: 10,
  done: 0,
  refused: [],
  problem: null,
  after: null,
  selection: { by: 'places', places: ['a'] },
  became: null,
  newSinceStart: null,
  command: null,
  ...changes,
});

import type { Feed, FeedFrame } from './feed.ts';

/** A feed of an environment of which no message is seen and no rate is known: every number is null. */
export const createQuietFeed = (clock: () => number): Feed => ({
  open: () => ({ next: () => ({ ...QUIET_FRAME, atMs: clock() }), close: () => {} }),
  messageOf: () => undefined,
  history: () => ({ stepMs: 2_000, points: [], outages: [] }),
});

const UNKNOWN = { perSecond: null, total: null };

/** What a frame says when nothing is known. */
export const QUIET_FRAME: Omit<FeedFrame, 'atMs'> = {
  figures: {
    published: UNKNOWN,
    acked: UNKNOWN,
    matched: UNKNOWN,
    retries: UNKNOWN,
    outcomes: {},
    endToEnd: null,
  },
  edges: { topics: {}, subscriptions: {}, functions: {}, tables: {}, redrivesPerSecond: null },
  sampling: { calm: 1, others: 1 },
  rows: [],
  isCatchingUp: false,
  notices: [],
  versions: { sums: 0, deadLetters: 0, jobs: 0, tables: 0 },
  source: { name: 'no source', ageMs: null },
  unlisted: 0,
};

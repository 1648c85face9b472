import * as z from 'zod';
import type { DeadLetterDeps } from '../deadLetters/deadLetterDeps.ts';
import type { HistoryLine, LetterPage } from '../../deadLetterContract.ts';
import { DAY_MS, dayOf } from '../../../shared/domain/dayOf.ts';
import { parsePlace } from '../../../shared/domain/deadLetterPlace.ts';
import { countExpired } from '../deadLetters/countExpired.ts';
import { dryRun } from '../deadLetters/dryRun.ts';
import { findLetter } from '../deadLetters/findLetter.ts';
import { letterFilterSchema, placeSchema, selectionSchema } from '../deadLetters/toDeadLetterFilter.ts';
import type { LetterIndex, LetterSnapshot } from '../deadLetters/letterIndex.ts';
import { letterPage } from '../deadLetters/letterPage.ts';
import { selectLetters } from '../deadLetters/selectLetters.ts';
import { parseRequest, RequestRefusedError } from '../parseRequest.ts';
import { queryNumber } from '../queryNumber.ts';
import { answer, type Route } from '../route.ts';

const HISTORY_DAYS = 7;
const HISTORY_LINES_MAX = 50;
const PAGE_MAX = 2_000;

const pageSchema = letterFilterSchema.extend({
  sort: z.enum(['oldest', 'newest'], { error: 'expected oldest or newest' }).default('oldest'),
  page: queryNumber(`expected a whole number from 1 to ${PAGE_MAX}`, 1, PAGE_MAX).default(1),
});

/** What only reads: the groups and the list, a letter, a dry run, the history. */
export const deadLetterRoutes = (deps: DeadLetterDeps, index: LetterIndex): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/dead-letters',
    handle: async ({ query, signal }) => {
      const { sort, page, ...filter } = parseRequest(pageSchema, Object.fromEntries(query));
      const snapshot = index.snapshot();
      const problem = index.problem();
      if (snapshot === undefined && problem !== null) throw new RequestRefusedError(503, problem);
      if (snapshot === undefined) return answer(notCounted(index.reading(), deps.clock()));
      const nowMs = deps.clock();
      const expired = await countExpired(deps.store, filter, { snapshot, nowMs });
      const letters = await letterPage(index, snapshot, filter, { nowMs, sort, page, signal });
      return answer({ ...letters, expired } satisfies LetterPage);
    },
  },
  {
    method: 'GET',
    path: '/api/dead-letters/letter',
    handle: async ({ query }) => {
      const { place } = parseRequest(z.strictObject({ place: placeSchema }), Object.fromEntries(query));
      const parsed = parsePlace(place);
      const letter = parsed && (await findLetter(deps.store, index, parsed));
      if (letter === undefined) throw new RequestRefusedError(404, NO_LETTER);
      return answer(letter);
    },
  },
  {
    method: 'POST',
    path: '/api/dead-letters/dry-run',
    handle: async ({ body, signal }) => {
      const { selection } = parseRequest(z.strictObject({ selection: selectionSchema }), body);
      const nowMs = deps.clock();
      const options = { snapshot: snapshotOf(index), nowMs, isDiscard: false };
      const selected = selectLetters(deps.store, selection, options);
      return answer(await dryRun(deps.store, selected, { nowMs, signal }));
    },
  },
  {
    method: 'GET',
    path: '/api/dead-letters/history',
    handle: async () => answer(await historyOf(deps)),
  },
];

export const NO_LETTER = 'there is no such dead letter: it may have expired';

/** @throws RequestRefusedError while the dead letters are counted for the first time. */
export const snapshotOf = (index: LetterIndex): LetterSnapshot => {
  const snapshot = index.snapshot();
  if (snapshot !== undefined) return snapshot;
  throw new RequestRefusedError(503, 'the dead letters are still being counted: try again');
};

/** Nothing is known yet. The numbers are not shown. */
const notCounted = (reading: number | null, nowMs: number): LetterPage => ({
  countedAtMs: null,
  reading,
  problem: null,
  all: 0,
  open: null,
  lookedAt: 0,
  lookedSinceMs: null,
  listed: 0,
  groups: [],
  said: '',
  text: '',
  other: null,
  fits: 0,
  notLookedAt: 0,
  expired: 0,
  values: [],
  rows: [],
  page: 1,
  pages: 1,
  atMs: nowMs,
  command: '',
  discard: '',
});

const historyOf = async ({ store, clock }: DeadLetterDeps): Promise<readonly HistoryLine[]> => {
  const lines: HistoryLine[] = [];
  for (let ago = 0; ago < HISTORY_DAYS && lines.length < HISTORY_LINES_MAX; ago += 1) {
    const ofDay = await store.findOperations(dayOf(clock() - ago * DAY_MS));
    lines.push(
      ...ofDay.toReversed().map(({ startedAtMs, endedAtMs, action, operator, filter, because, result }) => ({
        startedAtMs,
        tookMs: endedAtMs === undefined ? null : endedAtMs - startedAtMs,
        action,
        operator,
        said: filter,
        because,
        result: result ?? null,
      })),
    );
  }
  return lines.slice(0, HISTORY_LINES_MAX);
};

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetterDeps } from '../deadLetters/deadLetterDeps.ts';
import type { Job } from '../../deadLetterContract.ts';
import { formatPlace } from '../../../shared/domain/deadLetterPlace.ts';
import { dlqCommand } from '../deadLetters/dlqCommand.ts';
import type { LetterIndex } from '../deadLetters/letterIndex.ts';
import { RedriveFailedError } from '../../../shared/operations/redrive.ts';
import { HalfDoneError } from '../../../shared/operations/runOperation.ts';
import { countFitting } from '../deadLetters/selectLetters.ts';
import { toDeadLetterFilter } from '../deadLetters/toDeadLetterFilter.ts';
import { discardJob } from './discardJob.ts';
import type { JobRequest, JobResult, JobWork } from './jobWork.ts';
import { redriveJob } from './redriveJob.ts';
import { createSentFollower } from './sentFollower.ts';
import { sayError } from '../../sayError.ts';

/** What is still on its way then is counted as that. The longest backoff of a subscription is as long. */
const FOLLOW_MAX_MS = 60_000;
const FOLLOW_EACH_MS = 500;

export interface Jobs {
  /** The job that runs, or that ran last. */
  readonly current: () => Job | null;
  /** @returns the job, or undefined when another one runs. */
  readonly start: (request: JobRequest) => Job | undefined;
  /** Stops between two messages. @returns false when no such job runs. */
  readonly stop: (id: string) => boolean;
  /** Stops what runs, and waits until the message in hand is sent and noted. */
  readonly close: () => Promise<void>;
}

/**
 * Work that outlives the request which asked for it, one at a time. It is kept in this process: the page asks
 * how far it came, and whoever stops the process stops it between two messages. The history has its record.
 */
export const createJobs = (deps: DeadLetterDeps, index: LetterIndex): Jobs => {
  let state: Job | undefined;
  let running: Promise<void> | undefined;
  let aborter = new AbortController();
  const closer = new AbortController();
  /** A job that has ended is still followed. It changes nothing any more when another one has begun. */
  const change = (id: string, some: Partial<Job>): void => {
    if (state?.id === id) state = { ...state, ...some };
  };

  const run = async (id: string, request: JobRequest): Promise<void> => {
    const follower = createSentFollower(deps.store, index.lookAgain);
    const following = request.action === 'redrive' ? follow(id, follower) : undefined;
    const work: JobWork = { request, signal: aborter.signal, onProgress: (some) => change(id, some) };
    try {
      const result = await (request.action === 'redrive'
        ? redriveJob(deps, work, follower.add)
        : discardJob(deps, work, index.noteClosed));
      change(id, endOf(request, result, deps.clock()));
    } catch (error) {
      change(id, { state: 'failed', endedAtMs: deps.clock(), problem: sentenceOf(error) });
    } finally {
      following?.end();
    }
  };

  const follow = (id: string, follower: ReturnType<typeof createSentFollower>) => {
    let endsAtMs = Infinity;
    const isOver = (): boolean =>
      closer.signal.aborted ||
      state?.id !== id ||
      (endsAtMs < Infinity && (follower.isDone() || deps.clock() >= endsAtMs));
    const look = async (): Promise<void> => {
      while (!isOver()) {
        // A look that fails is made again: the sum then stays as it is, and the page says what does not
        // answer.
        await follower.look().catch(() => {});
        change(id, { became: { ...follower.sum(), isLooking: true } });
        // The wait is cut short when the console stops.
        await delay(FOLLOW_EACH_MS, undefined, { signal: closer.signal }).catch(() => {});
      }
      change(id, { became: { ...follower.sum(), isLooking: false } });
    };
    void look();
    return { end: () => (endsAtMs = deps.clock() + FOLLOW_MAX_MS) };
  };

  return {
    current: () => (state === undefined ? null : withNew(state, index, deps.clock())),
    start: (request) => {
      if (running !== undefined || closer.signal.aborted) return undefined;
      aborter = new AbortController();
      state = firstState(request, deps);
      running = run(state.id, request).finally(() => (running = undefined));
      return withNew(state, index, deps.clock());
    },
    stop: (id) => {
      if (state?.id !== id || running === undefined) return false;
      aborter.abort();
      change(id, { state: 'stopping' });
      return true;
    },
    close: async () => {
      closer.abort();
      aborter.abort();
      await running;
    },
  };
};

const firstState = (request: JobRequest, { operator, clock }: DeadLetterDeps): Job => ({
  id: randomUUID(),
  action: request.action,
  state: 'running',
  operator,
  said: request.selected.said,
  startedAtMs: clock(),
  endedAtMs: null,
  ratePerSecond: request.action === 'redrive' ? request.ratePerSecond : null,
  total: request.limit,
  done: 0,
  refused: [],
  problem: null,
  after: null,
  selection: request.selection,
  became: null,
  newSinceStart: null,
  command: null,
});

const endOf = (request: JobRequest, result: JobResult, nowMs: number): Partial<Job> => {
  const isWhole = result.problem === undefined && result.left === 0;
  const refused = [...result.refused].map(([why, count]) => ({ why, count }));
  const after = isWhole || result.after === undefined ? undefined : formatPlace(result.after);
  return {
    state: result.problem !== undefined ? 'failed' : isWhole ? 'done' : 'stopped',
    endedAtMs: nowMs,
    // It was asked for at most so many. What turned out not to exist is nothing that was not done.
    total: result.done + refused.reduce((sum, { count }) => sum + count, result.left),
    done: result.done,
    refused,
    problem: result.problem === undefined ? null : sentenceOf(result.problem),
    after: after ?? null,
    command: isWhole ? null : goOnCommand(request, result.left, after),
  };
};

const goOnCommand = (
  { action, selected, ratePerSecond }: JobRequest,
  atMost: number,
  after: string | undefined,
): string => {
  const left = String(Math.max(1, atMost));
  if (action === 'discard')
    return dlqCommand('discard', selected.filter, ['--because', '…', '--limit', left]);
  const rate = ['--skip-invalid', '--rate', String(ratePerSecond), '--limit', left];
  return dlqCommand('redrive', selected.filter, [
    ...rate,
    ...(after === undefined ? [] : ['--after', after]),
  ]);
};

/** The innermost cause says who did not answer. No text of a message is in it, and cards are masked. */
const sentenceOf = (error: unknown): string => {
  let cause = error;
  while (cause instanceof RedriveFailedError || cause instanceof HalfDoneError) cause = cause.cause;
  return sayError(cause);
};

const withNew = (job: Job, index: LetterIndex, nowMs: number): Job => ({
  ...job,
  newSinceStart: countNew(job, index, nowMs),
});

/** Redriven ones come back with a count. What fits, has none, and was told since the start, is new. */
const countNew = (
  { selection, startedAtMs }: Pick<Job, 'selection' | 'startedAtMs'>,
  index: LetterIndex,
  nowMs: number,
): number | null => {
  // What arrives is none of those that were chosen one by one.
  if (selection.by === 'places') return null;
  const snapshot = index.snapshot();
  if (snapshot === undefined || snapshot.countedAtMs < startedAtMs) return null;
  const letters = snapshot.letters.filter(
    ({ recordedAtMs = 0, redriveCount }) => recordedAtMs > startedAtMs && redriveCount === 0,
  );
  const filter = toDeadLetterFilter(selection.filter, { snapshot, atMs: nowMs });
  return countFitting({ letters, all: letters.length }, filter).count;
};

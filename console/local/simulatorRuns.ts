import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { jsonOf } from '../../local/jsonOf.ts';
import { sayRunFailure } from '../../local/sayRunFailure.ts';
import { type Expectation, parseExpectation } from '../../shared/audit/expectation.ts';
import { IN_PROGRESS_MAX_MS } from '../../shared/topology.ts';
import { SIMULATOR_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';
import { toErrorText } from '../../shared/masking/toErrorText.ts';
import { requestText } from '../../shared/http/requestText.ts';
import type { SendState, SimulatorRun } from '../contract.ts';
import { type ComparedStore, createRunComparison, type RunLook } from './runComparison.ts';
import { runLines } from './runLines.ts';
import { sayError } from '../sayError.ts';

const RUNS_BEFORE_MAX = 10;
/** When nothing is on its way: as long as `tally audit --expect` waits for something new to come true. */
const PATIENCE_MS = 5_000;
const UNMET_SHOWN_MAX = 10;
/** The simulator refuses a request at once: whoever waits a second gets the refusal at its fields. */
const WAITS = { lookEveryMs: 1_000, refusalWithinMs: 1_000 };

const answerSchema = z.object({
  seed: z.int(),
  published: z.object({ messages: z.int() }),
  seconds: z.number(),
});

const refusalSchema = z.object({ error: z.string(), problems: z.array(z.string()) });

/** The simulator refused a request. One sentence for each field, which it begins with. */
export class RunRefusedError extends Error {
  override readonly name = 'RunRefusedError';
  readonly problems: readonly string[];
  constructor(message: string, problems: readonly string[]) {
    super(message);
    this.problems = problems;
  }
}

type RunRequest = Readonly<Record<string, string | number | boolean>>;

export interface SimulatorRuns {
  /**
   * Starts a run, and returns when it publishes.
   * @throws RunRefusedError when the simulator refuses the request at once. Error when a run publishes.
   */
  readonly start: (request: RunRequest) => Promise<void>;
  /** Stops the run that publishes. Throws when none does. */
  readonly stop: () => void;
  readonly state: () => Pick<SendState, 'run' | 'runsBefore'>;
  readonly close: () => void;
}

interface SimulatorRunsDeps {
  readonly simulateUrl: string;
  readonly store: ComparedStore;
  /** How many messages are not acked, dead letters included; null when nobody knows. */
  readonly backlog: () => number | null;
  readonly clock: () => number;
  /** Default: a second each. */
  readonly waits?: typeof WAITS;
}

interface Watched {
  run: SimulatorRun;
  readonly ended: AbortController;
}

/** Runs of the simulator, each followed until its end state is the expected one. They survive a reload. */
export const createSimulatorRuns = (deps: SimulatorRunsDeps): SimulatorRuns => {
  const { clock, waits = WAITS } = deps;
  /** Newest first. */
  let runs: readonly Watched[] = [];

  const follow = async (watched: Watched, request: RunRequest): Promise<void> => {
    const { ended } = watched;
    const become = (changes: Partial<SimulatorRun>): void => {
      watched.run = { ...watched.run, ...changes };
    };
    try {
      const { expectation, ...published } = await publish(deps.simulateUrl, request, ended.signal);
      become({ ...published, state: 'waiting' });
      await untilAsExpected(deps, { watched, become, expectation });
    } catch (error) {
      if (error instanceof RunRefusedError)
        become({ state: 'failed', problem: [error.message, ...error.problems].join('; ') });
      else if (ended.signal.aborted) {
        become({ state: 'stopped', problem: 'Only a run that has ended by itself says what is expected.' });
      } else become({ state: 'failed', problem: sayError(error) });
      throw error;
    }
  };

  return {
    start: async (request) => {
      if (runs[0]?.run.state === 'publishing') throw new Error('a run publishes already: stop it first');
      const watched: Watched = { run: newRun(request, clock()), ended: new AbortController() };
      runs = [watched, ...runs];
      const following = follow(watched, request);
      // Its end is in its state. Only a refusal that comes at once is the caller's.
      const refused = following.catch((error: unknown) => error);
      const first = await Promise.race([refused, delay(waits.refusalWithinMs)]);
      if (first instanceof RunRefusedError) {
        runs = runs.filter((one) => one !== watched);
        throw first;
      }
      // A run that is refused takes no place from an older one.
      for (const { ended } of runs.slice(RUNS_BEFORE_MAX + 1)) ended.abort();
      runs = runs.slice(0, RUNS_BEFORE_MAX + 1);
    },
    stop: () => {
      const [last] = runs;
      if (last?.run.state !== 'publishing') throw new Error('no run publishes');
      last.ended.abort();
    },
    state: () => ({ run: runs[0]?.run ?? null, runsBefore: runs.slice(1).map(({ run }) => run) }),
    close: () => {
      for (const { ended } of runs) ended.abort();
    },
  };
};

const newRun = (request: RunRequest, startedAtMs: number): SimulatorRun => ({
  what: [
    String(request.preset ?? 'reference'),
    ...(request.orders === undefined ? [] : [`${request.orders.toLocaleString('en')} orders`]),
    ...(request.scenario === undefined ? [] : [`scenario ${request.scenario}`]),
  ].join(', '),
  startedAtMs,
  seed: typeof request.seed === 'number' ? request.seed : null,
  publishedInMs: null,
  messages: null,
  state: 'publishing',
  tookMs: null,
  lines: [],
  unmet: [],
  unmetCount: 0,
  problem: null,
});

/** Asks for the run, and waits until all is published. */
const publish = async (url: string, request: RunRequest, ended: AbortSignal) => {
  const { status, body } = await requestText(url, {
    method: 'POST',
    body: JSON.stringify(request),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.any([ended, AbortSignal.timeout(SIMULATOR_TIMEOUT_SECONDS * 1_000)]),
  });
  const refusal = refusalSchema.safeParse(status === 400 ? jsonOf(body) : undefined);
  if (refusal.success) throw new RunRefusedError(refusal.data.error, refusal.data.problems);
  // 502: some messages were not confirmed, so nobody can say what must come of them.
  if (status !== 200)
    throw new Error(`the simulator answered ${status}: ${sayRunFailure(body) ?? toErrorText(body)}`);
  // First, because it says of a text that is no answer that a simulator's was expected.
  const expectation = parseExpectation(body);
  const { seed, published, seconds } = answerSchema.parse(JSON.parse(body));
  return { seed, messages: published.messages, publishedInMs: seconds * 1_000, expectation };
};

interface Following {
  readonly watched: Watched;
  readonly become: (changes: Partial<SimulatorRun>) => void;
  readonly expectation: Expectation;
}

/**
 * Looks again and again, as long as something new comes true, or messages are on their way. Those may be of
 * others, so after `IN_PROGRESS_MAX_MS` without anything new it ends as well.
 */
const untilAsExpected = async (
  { store, backlog, clock, waits = WAITS }: SimulatorRunsDeps,
  { watched, become, expectation }: Following,
): Promise<void> => {
  const { startedAtMs } = watched.run;
  const { signal } = watched.ended;
  const comparison = createRunComparison(store, expectation, { sinceMs: startedAtMs, clock });
  let fewest = Number.POSITIVE_INFINITY;
  let [newAtMs, busyAtMs] = [clock(), clock()];
  for (;;) {
    const look = await comparison.look(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      become({ problem: `The tables do not answer: ${sayError(error)}` });
      return undefined;
    });
    const nowMs = clock();
    if (look === undefined || look.unmet.length < fewest) newAtMs = nowMs;
    const onTheWay = backlog();
    if (newAtMs === nowMs || onTheWay !== 0) busyAtMs = nowMs;
    if (look !== undefined) {
      fewest = Math.min(fewest, look.unmet.length);
      const isMet = look.unmet.length === 0;
      const isOver = isMet || nowMs - busyAtMs >= PATIENCE_MS || nowMs - newAtMs >= IN_PROGRESS_MAX_MS;
      become(resultOf(look, { isMet, isOver, tookMs: nowMs - startedAtMs, onTheWay }));
      if (isOver) return;
    }
    await delay(waits.lookEveryMs, undefined, { signal });
  }
};

interface ResultOptions {
  readonly isMet: boolean;
  readonly isOver: boolean;
  readonly tookMs: number;
  /** How many messages are not acked; null when nobody knows. */
  readonly onTheWay: number | null;
}

const resultOf = (
  { counts, lost, unmet }: RunLook,
  { isMet, isOver, tookMs, onTheWay }: ResultOptions,
): Partial<SimulatorRun> => ({
  state: isMet ? 'agrees' : isOver ? 'wrong' : 'waiting',
  tookMs: isMet ? tookMs : null,
  lines: runLines(counts, { lost, isOver }),
  unmet: unmet.slice(0, UNMET_SHOWN_MAX),
  unmetCount: unmet.length,
  problem: isOver && !isMet ? sayOnTheWay(onTheWay) : null,
});

const MINUTE_MS = 60_000;

/** Why a run ended that is not as expected. Null: nothing is on its way any more. */
const sayOnTheWay = (count: number | null): string | null => {
  if (count === 0) return null;
  const still =
    count === null
      ? 'How many messages are on their way is not known'
      : `${count.toLocaleString('en')} ${count === 1 ? 'message was' : 'messages were'} not acked then, of this run or of others`;
  return `Nothing new came true for ${IN_PROGRESS_MAX_MS / MINUTE_MS} minutes. ${still}.`;
};

import type { Environment } from '../../shared/config.ts';
import {
  ANY_DEAD_LETTER,
  type DeadLetterFilter,
  describeFilter,
} from '../../shared/operations/deadLetterFilter.ts';
import { problemsOfBody } from '../../shared/operations/editDeadLetter.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import { type DeadLetterPlace, formatPlace } from '../../shared/domain/deadLetterPlace.ts';
import type { RedrivePlan } from '../../shared/operations/planRedrive.ts';
import {
  INVALID_AGAIN,
  planAhead,
  redrive,
  RedriveFailedError,
  type RedriveResult,
} from '../../shared/operations/redrive.ts';
import { runOperation } from '../../shared/operations/runOperation.ts';
import { sayRedriven } from '../../shared/operations/sayRedriven.ts';
import { selectDeadLetters } from '../../shared/operations/selectDeadLetters.ts';
import type { OpenedStore } from '../../shared/store/openOperationsStore.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { nameIn } from '../../shared/topology.ts';
import { askToGoOn } from '../askToGoOn.ts';
import { openPublisher } from '../openPublisher.ts';
import { operatorOf } from '../operatorOf.ts';
import { toTime } from '../orderColumns.ts';
import { plural } from '../plural.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
import { sayUnclosed } from '../sayUnclosed.ts';
import type { Target } from '../target.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { waitForInterrupt, InterruptedError } from '../waitForInterrupt.ts';
import { withOperations } from '../withOperations.ts';
import { type FilterOptions, sinceAgain, toFilter } from './filterOptions.ts';
import { DeadLetterUnknownError } from './show.ts';
import { whereToGoOn } from './whereToGoOn.ts';

interface RedriveOptions extends FilterOptions {
  readonly ids: readonly string[];
  readonly dryRun: boolean;
  readonly rate: number;
  readonly limit: number;
  readonly after: DeadLetterPlace | undefined;
  readonly because: string | undefined;
  /** Leaves out what today's schema refuses, too. */
  readonly skipInvalid: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Where nobody has counted, off a terminal each message would be a line of its own. */
const PROGRESS_EVERY_MS = 1_000;

/** Some dead letters were refused: `tally dlq redrive` exits 1. The others were sent. */
class NotAllSentError extends Error {
  override readonly name = 'NotAllSentError';
}

/** Everything that a redrive by the command line works with. */
interface Run {
  readonly options: RedriveOptions;
  readonly store: OpenedStore;
  readonly target: Target;
  readonly filter: DeadLetterFilter;
  readonly nowMs: number;
  /** The places of the dead letters that the operator was asked about; undefined when nobody was asked. */
  readonly asked?: ReadonlySet<string>;
}

/**
 * Puts events of dead letters back on their input topics.
 * @throws UnableError when it may not, or could not begin; InterruptedError when a signal stopped it;
 * DeadLetterUnknownError when an id has none; NotAllSentError when some were refused; RedriveFailedError when
 * Pub/Sub or the store did not answer any more.
 */
export const redriveCommand = async (options: RedriveOptions, env: Environment): Promise<void> => {
  const nowMs = Date.now();
  const filter = toFilter(options, {
    ids: options.ids,
    nowMs,
    // Who names single dead letters means them, open or not.
    state: options.ids.length > 0 ? 'any' : 'open',
  });
  const needs = { json: options.json, writes: !options.dryRun, publishes: true };
  await withOperations(env, needs, async (store, target) => {
    const run: Run = { options, store, target, filter, nowMs };
    // Looked up first: that this fails must not hide what was sent.
    const unknown = await findUnknown(run);
    let refused: Refused = new Map();
    if (options.dryRun) await dryRun(run);
    // Who has said yes is not asked, so nobody has to wait for a number.
    else if (options.yes) refused = await go(run, operatorOf(env));
    else refused = await askAndGo(run, operatorOf(env));
    if (unknown.length > 0) throw new DeadLetterUnknownError(unknown.join(' or '));
    const unsent = [...refused].reduce((sum, [why, times]) => sum + (why === INVALID_AGAIN ? 0 : times), 0);
    if (unsent > 0) throw new NotAllSentError(`${messages(unsent)} could not be sent`);
  });
};

/** Why dead letters are not sent, and how many. */
type Refused = RedriveResult['refused'];

/** The ids that no dead letter has. A filter or a place may leave one out that is there. */
const findUnknown = async ({ options, store, nowMs }: Run): Promise<readonly string[]> => {
  const unknown = new Set(options.ids);
  if (unknown.size === 0) return [];
  for await (const rows of findDeadLetters(store, { ...ANY_DEAD_LETTER, ids: [...unknown] }, { nowMs })) {
    for (const { id } of rows) unknown.delete(id);
  }
  return [...unknown];
};

const askAndGo = async (run: Run, operator: string): Promise<Refused> => {
  const { options, filter } = run;
  const { sendable, invalidAgain, refused, places } = await survey(run);
  say(options, { sendable, invalidAgain, refused }, [
    `${messages(sendable)} to send (${describeFilter(filter)})`,
    ...sayInvalidAgain(invalidAgain),
    ...refusalsOf(refused),
  ]);
  if (sendable === 0) return refused;
  await askToGoOn(`${messages(sendable)} would be sent.`, false);
  return go({ ...run, asked: places }, operator, sendable);
};

const rowsOf = async function* ({
  options,
  store,
  filter,
  nowMs,
  asked,
}: Run): AsyncGenerator<DeadLetterRow> {
  const progress = createProgress(options.json ? 'json' : 'text');
  const rows = selectDeadLetters(store, filter, {
    nowMs,
    after: options.after,
    onProgress: createRowProgress(progress, 'Dead letters'),
  });
  for await (const row of rows) {
    if (asked?.has(formatPlace(row)) ?? true) yield row;
  }
};

const sayInvalidAgain = (count: number): readonly string[] =>
  count === 0
    ? []
    : [`${count} of them would be invalid again: edit them, or leave them out with --skip-invalid.`];

/** Prints exactly what would be sent, and what would not and why. */
const dryRun = async (run: Run): Promise<void> => {
  const { options } = run;
  const { sendable, left, invalidAgain, refused } = await survey(run);
  say(options, { wouldSend: sendable, invalidAgain, left, refused }, [
    `${messages(sendable)} would be sent. Nothing was sent.`,
    ...sayInvalidAgain(invalidAgain),
    ...(left === 0
      ? []
      : [`${left} more ${left === 1 ? 'matches' : 'match'}, above --limit ${options.limit}.`]),
    ...refusalsOf(refused),
  ]);
};

/**
 * Counts what would be sent now, up to the limit. A dry run prints each, and counts what is above the limit.
 * Otherwise it is noted where each is, because more may come while a person thinks.
 */
const survey = async (run: Run) => {
  const { options, store } = run;
  const { dryRun: isDryRun, limit, skipInvalid: skipsInvalid } = options;
  const refused = new Map<string, number>();
  const places = new Set<string>();
  let [sendable, left, invalidAgain] = [0, 0, 0];
  for await (const { row, plan } of planAhead(store, rowsOf(run), { skipsInvalid })) {
    if (plan.kind === 'refuse') refused.set(plan.why, (refused.get(plan.why) ?? 0) + 1);
    else if (sendable === limit) {
      left += 1;
      continue;
    } else sendable += 1;
    const isInvalidAgain = plan.kind === 'send' && problemsOfBody(plan.topic, plan.message.data).length > 0;
    if (isInvalidAgain) invalidAgain += 1;
    if (isDryRun) sayPlanned(run, row, { plan, isInvalidAgain });
    else places.add(formatPlace(row));
    if (!isDryRun && sendable === limit) break;
  }
  return { sendable, left, invalidAgain, refused, places };
};

interface Planned {
  readonly plan: RedrivePlan;
  /** The schema of today refuses what would be sent. */
  readonly isInvalidAgain: boolean;
}

const sayPlanned = (
  { options, target }: Run,
  { id, reason }: DeadLetterRow,
  { plan, isInvalidAgain }: Planned,
): void => {
  if (plan.kind === 'refuse') {
    const { why } = plan;
    return say(options, { id, reason, sends: false, why }, [`not sent  ${id}  ${reason}: ${why}`]);
  }
  const topic = nameIn(target.config.environment, plan.topic);
  const bytes = plan.message.data.byteLength;
  const attributes = new Map(Object.entries(plan.message.attributes ?? {}));
  say(options, { id, reason, sends: true, topic, bytes, attributes, invalidAgain: isInvalidAgain }, [
    `send      ${id}  ${reason.padEnd(9)}  ${bytes} bytes to ${topic}, redrive ${plan.redrives}${isInvalidAgain ? ', invalid again' : ''}`,
  ]);
};

/** @param total how many will be sent; undefined when nobody has counted them. */
const go = async (run: Run, operator: string, total?: number): Promise<Refused> => {
  const { options, store, target, filter } = run;
  const publisher = openPublisher(target);
  const stop = new AbortController();
  const { interrupted } = waitForInterrupt();
  void interrupted.then(() => stop.abort());
  const progress = createProgress(options.json ? 'json' : 'text');
  let nextLineAtMs = 0;
  const deps = { store, publisher, clock: Date.now, onUnclosed: sayUnclosed };
  const request = {
    action: 'dlq redrive',
    operator,
    filter: describeFilter(filter),
    because: options.because ?? '',
  };
  try {
    const { result } = await runOperation(deps, request, async (operation) => {
      const redriven = await redrive(deps, rowsOf(run), {
        operation,
        ratePerSecond: options.rate,
        limit: options.limit,
        signal: stop.signal,
        skipsInvalid: options.skipInvalid,
        onProgress: (done) => {
          if (total !== undefined) return progress({ step: 'Redrive', done, total });
          if (performance.now() < nextLineAtMs) return;
          nextLineAtMs = performance.now() + PROGRESS_EVERY_MS;
          progress({ step: 'Redrive', detail: `${messages(done)} sent` });
        },
      });
      return { result: redriven, summary: sayRedriven(redriven) };
    });
    report(run, result);
    if (result.stopped === 'signal') throw new InterruptedError('stopped between two messages');
    return result.refused;
  } catch (error) {
    if (error instanceof RedriveFailedError) report(run, error.result, true);
    throw error;
  } finally {
    await publisher.close();
  }
};

const report = ({ options, filter }: Run, result: RedriveResult, isFailed = false): void => {
  const { sent, refused, stopped } = result;
  const next = whereToGoOn(result, options.limit, isFailed);
  const since = sinceAgain(filter);
  say(
    options,
    {
      sent,
      refused,
      stopped,
      limit: next?.limit,
      after: next?.after,
      since: toTime(filter.sinceMs),
    },
    [
      `${messages(sent)} sent.`,
      ...refusalsOf(refused),
      ...(next === undefined
        ? []
        : [
            `There may be more. To go on, run the same command with ${since === undefined ? '' : `${since} `}--limit ${next.limit} --after ${next.after}`,
          ]),
    ],
  );
};

const say = ({ json }: RedriveOptions, line: object, sentences: readonly string[]): void =>
  console.log(json ? toJsonLine(line) : sentences.join('\n'));

const refusalsOf = (refused: ReadonlyMap<string, number>): string[] =>
  [...refused].map(([why, times]) => `${messages(times)} not sent: ${why}.`);

const messages = (count: number): string => plural(count, 'message');

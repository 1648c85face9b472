import type { Environment } from '../../shared/config.ts';
import { type DeadLetterFilter, describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import {
  planAhead,
  redrive,
  RedriveFailedError,
  type RedriveResult,
} from '../../shared/operations/redrive.ts';
import { runOperation } from '../../shared/operations/runOperation.ts';
import { sayRedriven } from '../../shared/operations/sayRedriven.ts';
import { selectDeadLetters } from '../../shared/operations/selectDeadLetters.ts';
import type { OpenedStore } from '../../shared/store/openOperationsStore.ts';
import type { DeadLetterPlace, DeadLetterRow } from '../../shared/store/store.ts';
import { nameIn } from '../../shared/topology.ts';
import { askToGoOn } from '../askToGoOn.ts';
import { openPublisher } from '../openPublisher.ts';
import { operatorOf } from '../operatorOf.ts';
import { plural } from '../plural.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
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

/** Everything that a redrive by the command line works with. */
interface Run {
  readonly options: RedriveOptions;
  readonly store: OpenedStore;
  readonly target: Target;
  readonly filter: DeadLetterFilter;
  readonly nowMs: number;
  /** Which of the ids that were named have a dead letter. */
  readonly found: Set<string>;
}

/**
 * Puts events of dead letters back on their input topics.
 * @throws UnableError when it may not, or could not begin; InterruptedError when a signal stopped it;
 * DeadLetterUnknownError when an id has none.
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
    const run: Run = { options, store, target, filter, nowMs, found: new Set() };
    if (options.dryRun) await dryRun(run);
    // Who has said yes is not asked, so nobody has to wait for a number.
    else if (options.yes) await go(run, operatorOf(env), undefined);
    else await askAndGo(run, operatorOf(env));
    const unknown = options.ids.filter((id) => !run.found.has(id));
    if (unknown.length > 0) throw new DeadLetterUnknownError(unknown.join(' or '));
  });
};

const askAndGo = async (run: Run, operator: string): Promise<void> => {
  const { options, filter } = run;
  const { sendable, refused } = await countSendable(run);
  const total = Math.min(sendable, options.limit);
  say(options, { sendable, refused: Object.fromEntries(refused) }, [
    `${messages(total)} to send (${describeFilter(filter)})`,
    ...refusalsOf(refused),
  ]);
  if (sendable === 0) return;
  await askToGoOn(`${messages(total)} would be sent.`, false);
  await go(run, operator, total);
};

const rowsOf = async function* ({
  options,
  store,
  filter,
  nowMs,
  found,
}: Run): AsyncGenerator<DeadLetterRow> {
  const progress = createProgress(options.json ? 'json' : 'text');
  const rows = selectDeadLetters(store, filter, {
    nowMs,
    after: options.after,
    onProgress: createRowProgress(progress, 'Dead letters'),
  });
  for await (const row of rows) {
    if (options.ids.length > 0) found.add(row.id);
    yield row;
  }
};

/** Prints exactly what would be sent, and what would not and why. */
const dryRun = async (run: Run): Promise<void> => {
  const { options, store, target } = run;
  const refused = new Map<string, number>();
  let sent = 0;
  let left = 0;
  for await (const { row, plan } of planAhead(store, rowsOf(run), { skipsInvalid: options.skipInvalid })) {
    if (plan.kind === 'refuse') {
      refused.set(plan.why, (refused.get(plan.why) ?? 0) + 1);
      say(options, { id: row.id, reason: row.reason, sends: false, why: plan.why }, [
        `not sent  ${row.id}  ${row.reason}: ${plan.why}`,
      ]);
    } else if (sent >= options.limit) left += 1;
    else {
      sent += 1;
      const topic = nameIn(target.config.environment, plan.topic);
      const { attributes, data } = plan.message;
      say(
        options,
        { id: row.id, reason: row.reason, sends: true, topic, bytes: data.byteLength, attributes },
        [
          `send      ${row.id}  ${row.reason.padEnd(9)}  ${data.byteLength} bytes to ${topic}, redrive ${plan.redrives}`,
        ],
      );
    }
  }
  say(options, { wouldSend: sent, left, refused: Object.fromEntries(refused) }, [
    `${messages(sent)} would be sent. Nothing was sent.`,
    ...(left === 0
      ? []
      : [`${left} more ${left === 1 ? 'matches' : 'match'}, above --limit ${options.limit}.`]),
    ...refusalsOf(refused),
  ]);
};

const countSendable = async (run: Run) => {
  const refused = new Map<string, number>();
  let sendable = 0;
  for await (const row of rowsOf(run)) {
    // The payload is left aside here: reading all of them would take as long as the redrive itself.
    if (row.payloadSha256 === undefined) sendable += 1;
    else refused.set('their payloads were cut', (refused.get('their payloads were cut') ?? 0) + 1);
  }
  return { sendable, refused };
};

/** @param total how many will be sent; undefined when nobody has counted them. */
const go = async (run: Run, operator: string, total: number | undefined): Promise<void> => {
  const { options, store, target, filter } = run;
  const publisher = openPublisher(target);
  const stop = new AbortController();
  const { interrupted } = waitForInterrupt();
  void interrupted.then(() => stop.abort());
  const progress = createProgress(options.json ? 'json' : 'text');
  let nextLineAtMs = 0;
  const request = {
    action: 'dlq redrive',
    operator,
    filter: describeFilter(filter),
    because: options.because ?? '',
  };
  try {
    const { result } = await runOperation({ store, clock: Date.now }, request, async (operation) => {
      const redriven = await redrive({ store, publisher, clock: Date.now }, rowsOf(run), {
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
      refused: Object.fromEntries(refused),
      stopped: stopped ?? null,
      limit: next?.limit ?? null,
      after: next?.after ?? null,
      since: filter.sinceMs === undefined ? null : new Date(filter.sinceMs).toISOString(),
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

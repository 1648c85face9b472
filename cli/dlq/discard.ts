import type { Environment } from '../../shared/config.ts';
import { describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import { discard } from '../../shared/operations/discard.ts';
import { HalfDoneError, runOperation } from '../../shared/operations/runOperation.ts';
import { selectDiscardable } from '../../shared/operations/selectDiscardable.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { askToGoOn } from '../askToGoOn.ts';
import { operatorOf } from '../operatorOf.ts';
import { plural } from '../plural.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
import { sayUnclosed } from '../sayUnclosed.ts';
import { toJsonLine } from '../toJsonLine.ts';
import { InterruptedError, waitForInterrupt } from '../waitForInterrupt.ts';
import { withOperations } from '../withOperations.ts';
import { type FilterOptions, sinceAgain, toFilter } from './filterOptions.ts';

interface DiscardOptions extends FilterOptions {
  readonly ids: readonly string[];
  readonly because: string;
  readonly limit: number;
  readonly yes: boolean;
  readonly json: boolean;
}

/** An id has no open dead letter: `tally dlq discard` exits 1. Those of the other ids are discarded. */
class NothingToDiscardError extends Error {
  override readonly name = 'NothingToDiscardError';

  constructor(filter: string) {
    super(`no dead letter to discard (${filter}): it is closed already, it has expired, or there is none`);
  }
}

/**
 * Decides that nobody has to look at the open dead letters of a filter any more.
 * @throws UnableError when it may not, or could not begin; InterruptedError when a signal stopped it;
 * HalfDoneError when the store did not answer any more; NothingToDiscardError when an id has no open one.
 */
export const discardCommand = async (options: DiscardOptions, env: Environment): Promise<void> => {
  const { ids, because, limit, yes, json } = options;
  const nowMs = Date.now();
  const filter = toFilter(options, { ids, nowMs, state: 'open' });
  await withOperations(env, { json, writes: true }, async (store) => {
    const onProgress = createRowProgress(createProgress(json ? 'json' : 'text'), 'Dead letters');
    const chosen: DeadLetterRow[] = [];
    const unknown = new Set(ids);
    let total = 0;
    for await (const row of selectDiscardable(store, filter, { nowMs, onProgress })) {
      total += 1;
      unknown.delete(row.id);
      if (chosen.length < limit) chosen.push(row);
    }
    if (total === 0 && ids.length > 0) throw new NothingToDiscardError(describeFilter(filter));
    if (total === 0) {
      console.log(
        json
          ? toJsonLine({ discarded: 0, left: 0 })
          : `No dead letter to discard (${describeFilter(filter)}).`,
      );
      return;
    }
    await askToGoOn(
      `${chosen.length} of ${plural(total, 'dead letter')} (${describeFilter(filter)}) would be discarded: ${byReason(chosen)}.`,
      yes,
    );

    const stop = waitForInterrupt();
    let isStopped = false;
    void stop.interrupted.then(() => (isStopped = true));
    const discarded: DeadLetterRow[] = [];
    const saySoFar = () => (discarded.length === 0 ? undefined : sayDiscarded(discarded));
    const deps = { store, clock: Date.now, onUnclosed: sayUnclosed, saySoFar };
    const request = {
      action: 'dlq discard',
      operator: operatorOf(env),
      filter: describeFilter(filter),
      because,
    };
    const report = (): void => {
      const left = total - discarded.length;
      console.log(
        json
          ? toJsonLine({ discarded: discarded.length, left })
          : `${sayDiscarded(discarded)}.${sayLeft(left, sinceAgain(filter))}`,
      );
    };
    await runOperation(deps, request, async (operation) => {
      for (const row of chosen) {
        if (isStopped) break;
        await discard(deps, row, operation);
        discarded.push(row);
      }
      return { summary: sayDiscarded(discarded) };
    }).catch((error: unknown) => {
      if (error instanceof HalfDoneError) report();
      throw error;
    });
    report();
    if (discarded.length < chosen.length) throw new InterruptedError('stopped between two dead letters');
    if (unknown.size > 0) throw new NothingToDiscardError(describeFilter({ ...filter, ids: [...unknown] }));
  });
};

const sayDiscarded = (rows: readonly DeadLetterRow[]): string =>
  `${plural(rows.length, 'dead letter')} discarded${rows.length === 0 ? '' : `: ${byReason(rows)}`}`;

/** @param since the option of the next run; undefined where it needs none. */
const sayLeft = (left: number, since: string | undefined): string => {
  if (left === 0) return '';
  const again = `run the same command again${since === undefined ? '' : `, with ${since}`}`;
  return ` ${left} ${left === 1 ? 'is' : 'are'} left: ${again}.`;
};

/** How many have each reason, such as `1 invalid, 2 unmatched`. */
const byReason = (rows: readonly DeadLetterRow[]): string =>
  [...Map.groupBy(rows, ({ reason }) => reason)]
    .map(([reason, { length }]) => `${length} ${reason}`)
    .join(', ');

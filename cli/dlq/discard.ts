import type { Environment } from '../../shared/config.ts';
import { describeFilter } from '../../shared/operations/deadLetterFilter.ts';
import { discard } from '../../shared/operations/discard.ts';
import { runOperation } from '../../shared/operations/runOperation.ts';
import { selectDeadLetters } from '../../shared/operations/selectDeadLetters.ts';
import type { DeadLetterRow } from '../../shared/store/store.ts';
import { askToGoOn } from '../askToGoOn.ts';
import { operatorOf } from '../operatorOf.ts';
import { plural } from '../plural.ts';
import { createProgress } from '../progress.ts';
import { createRowProgress } from '../rowProgress.ts';
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

/** No open dead letter has one of the ids: `tally dlq discard` exits 1. */
class NothingToDiscardError extends Error {
  override readonly name = 'NothingToDiscardError';

  constructor(filter: string) {
    super(`no dead letter to discard (${filter}): it is closed already, it has expired, or there is none`);
  }
}

/**
 * Decides that nobody has to look at the open dead letters of a filter any more.
 * @throws UnableError when it may not, or could not begin; InterruptedError when a signal stopped it;
 * NothingToDiscardError when none of the ids is open.
 */
export const discardCommand = async (options: DiscardOptions, env: Environment): Promise<void> => {
  const { ids, because, limit, yes, json } = options;
  const nowMs = Date.now();
  const filter = toFilter(options, { ids, nowMs, state: 'open' });
  await withOperations(env, { json, writes: true }, async (store) => {
    const onProgress = createRowProgress(createProgress(json ? 'json' : 'text'), 'Dead letters');
    const chosen: DeadLetterRow[] = [];
    let total = 0;
    for await (const row of selectDeadLetters(store, filter, { nowMs, onProgress })) {
      total += 1;
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
      `${chosen.length} of ${plural(total, 'dead letter')} (${describeFilter(filter)}) would be discarded.`,
      yes,
    );

    const stop = waitForInterrupt();
    let isStopped = false;
    void stop.interrupted.then(() => (isStopped = true));
    const request = {
      action: 'dlq discard',
      operator: operatorOf(env),
      filter: describeFilter(filter),
      because,
    };
    const { discarded } = await runOperation({ store, clock: Date.now }, request, async (operation) => {
      let done = 0;
      for (const row of chosen) {
        if (isStopped) break;
        await discard({ store, clock: Date.now }, row, operation);
        done += 1;
      }
      return { discarded: done, summary: `${plural(done, 'dead letter')} discarded` };
    });
    const left = total - discarded;
    const since = sinceAgain(filter);
    console.log(
      json
        ? toJsonLine({ discarded, left })
        : `${plural(discarded, 'dead letter')} discarded.${left === 0 ? '' : ` ${left} ${left === 1 ? 'is' : 'are'} left: run the same command again${since === undefined ? '' : `, with ${since}`}.`}`,
    );
    if (discarded < chosen.length) throw new InterruptedError('stopped between two dead letters');
  });
};

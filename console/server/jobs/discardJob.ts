import type { DeadLetterDeps } from '../deadLetters/deadLetterDeps.ts';
import { createLedgerIdsCache } from '../../../shared/audit/look.ts';
import { deadLetterState } from '../../../shared/operations/deadLetterState.ts';
import { discard } from '../../../shared/operations/discard.ts';
import { runOperation } from '../../../shared/operations/runOperation.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import type { JobResult, JobWork } from './jobWork.ts';

const NOT_OPEN = 'it is not open any more';

/** Decides that nobody has to look at the open ones of a selection, as `tally dlq discard` does. */
export const discardJob = async (
  { store, clock, operator }: DeadLetterDeps,
  { request, signal, onProgress }: JobWork,
  onDiscarded: (row: DeadLetterRow) => void,
): Promise<JobResult> => {
  const { selected, because, limit, after } = request;
  // What is discarded would leave the filter while it is read. So all are read first, as the command does.
  const rows: DeadLetterRow[] = [];
  for await (const row of selected.rows({ after, signal })) {
    rows.push(row);
    if (rows.length === limit || signal.aborted) break;
  }
  const total = signal.aborted ? limit : rows.length;
  onProgress({ total });
  const findIds = createLedgerIdsCache(store);
  let [done, closed] = [0, 0];
  let [last, problem]: [DeadLetterRow | undefined, unknown] = [undefined, undefined];
  const asked = { action: 'dlq discard', operator, filter: selected.said, because };
  const said = () => `${done} dead ${done === 1 ? 'letter' : 'letters'} discarded`;
  const saySoFar = () => (done === 0 ? undefined : said());
  await runOperation({ store, clock, saySoFar }, asked, async (operation) => {
    for (const row of rows) {
      if (signal.aborted) break;
      if ((await deadLetterState(store, row, findIds)) === 'open') {
        await discard({ store, clock }, row, operation);
        done += 1;
        onDiscarded(row);
        onProgress({ done });
      } else closed += 1;
      last = row;
    }
    return { summary: said() };
  }).catch((error: unknown) => (problem = error));
  return {
    done,
    refused: closed === 0 ? new Map() : new Map([[NOT_OPEN, closed]]),
    after: last,
    left: total - done - closed,
    problem,
  };
};

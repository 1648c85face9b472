import type { DeadLetterDeps } from '../deadLetters/deadLetterDeps.ts';
import {
  redrive,
  RedriveFailedError,
  type RedriveResult,
  type SendPlan,
} from '../../../shared/operations/redrive.ts';
import { runOperation } from '../../../shared/operations/runOperation.ts';
import { sayRedriven } from '../../../shared/operations/sayRedriven.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import type { JobResult, JobWork } from './jobWork.ts';

/**
 * Puts the events of a selection back on their topics, as `tally dlq redrive` does, and records that. What
 * today's schema refuses is left out.
 */
export const redriveJob = async (
  { store, publisher, clock, operator }: DeadLetterDeps,
  { request, signal, onProgress }: JobWork,
  onSent: (row: DeadLetterRow, plan: SendPlan) => void,
): Promise<JobResult> => {
  const { selected, because, limit, ratePerSecond, after } = request;
  const asked = { action: 'dlq redrive', operator, filter: selected.said, because };
  try {
    const { result } = await runOperation({ store, clock }, asked, async (operation) => {
      const redriven = await redrive({ store, publisher, clock }, selected.rows({ after, signal }), {
        operation,
        ratePerSecond,
        limit,
        signal,
        skipsInvalid: true,
        onProgress: (done) => onProgress({ done }),
        onSent,
      });
      return { result: redriven, summary: sayRedriven(redriven) };
    });
    return toJobResult(result, { limit, problem: undefined });
  } catch (error) {
    if (!(error instanceof RedriveFailedError)) throw error;
    return toJobResult(error.result, { limit, problem: error });
  }
};

const toJobResult = (
  { sent, refused, doneUpTo, stopped }: RedriveResult,
  { limit, problem }: { readonly limit: number; readonly problem: unknown },
): JobResult => ({
  done: sent,
  refused,
  after: doneUpTo,
  left: stopped === 'signal' || problem !== undefined ? limit - sent : 0,
  problem,
});

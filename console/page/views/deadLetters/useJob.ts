import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../../deadLetterContract.ts';
import { useFetched } from '../../parts/useFetched.ts';

const RUNNING_MS = 500;
const IDLE_MS = 3_000;

interface CurrentJob {
  readonly job: Job | null;
  /** The server answered an act with the job as it is now. */
  readonly setJob: (job: Job) => void;
}

/**
 * The job in the server, asked for often while it runs or while it is looked at what became of it. So a page
 * that is loaded again shows it, too.
 */
export const useJob = (version: unknown): CurrentJob => {
  const [tick, setTick] = useState(0);
  const [own, setOwn] = useState<Job | null>(null);
  const { value } = useFetched<Job | null>('/api/jobs', `${String(version)}-${tick}`);
  const job = latestJob(own, value);
  const isBusy = job !== null && (job.endedAtMs === null || job.became?.isLooking === true);
  useEffect(() => {
    // Once the server knows it, the server's word counts: one that was started anew knows none.
    if (job !== own) setOwn(null);
  }, [value]);
  useEffect(() => {
    const timer = setInterval(() => setTick((old) => old + 1), isBusy ? RUNNING_MS : IDLE_MS);
    return () => clearInterval(timer);
  }, [isBusy]);
  return { job, setJob: setOwn };
};

/**
 * The job that the server has now. An answer that was under way when the page's own one was started does not
 * know it; an answer with a later one says that the own one is over.
 */
export const latestJob = (own: Job | null, answered: Job | null): Job | null =>
  own !== null && (answered === null || answered.startedAtMs < own.startedAtMs) ? own : answered;

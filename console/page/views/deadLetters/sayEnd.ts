import type { Job } from '../../../deadLetterContract.ts';
import { format } from '../../parts/format.ts';

export const VERBS = { redrive: 'sent', discard: 'discarded' };

type Counts = Pick<Job, 'total' | 'done' | 'refused'>;

/** So many, at most, were not looked at when the job ended. While it runs, they are still to come. */
export const leftOf = ({ total, done, refused }: Counts): number =>
  refused.reduce((left, { count }) => left - count, total - done);

/** How a job ended: `96 discarded, 0 not`, or `5 sent, up to 7 not` where some were not looked at. */
export const sayEnd = (job: Counts & Pick<Job, 'action'>): string =>
  `${format.count(job.done)} ${VERBS[job.action]}, ${leftOf(job) === 0 ? '' : 'up to '}${format.count(job.total - job.done)} not`;

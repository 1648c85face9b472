import { useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { Job } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import { format } from '../../parts/format.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';
import { Confirm, mustConfirm } from './confirm.ts';
import { leftOf } from './sayEnd.ts';

interface GoOnFormProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly job: Job;
  readonly onStarted: (job: Job) => void;
}

/** Redrives what is left of a redrive that was stopped or failed. It is confirmed as the first one was. */
export const GoOnForm = ({ place, isLive, job, onStarted }: GoOnFormProps) => {
  const [typed, setTyped] = useState('');
  const { run, busy, failed, fields } = useAct();
  const left = leftOf(job);
  const needsNumber = mustConfirm(place, left);
  const goOn = async (event: Event): Promise<void> => {
    event.preventDefault();
    const next = await run<Job>('go on', '/api/dead-letters/redrive', {
      selection: job.selection,
      rate: job.ratePerSecond,
      limit: left,
      ...(job.after === null ? {} : { after: job.after }),
      ...(needsNumber ? { confirm: decimalOf(typed) } : {}),
    });
    if (next !== undefined) onStarted(next);
  };
  return html`<form novalidate onSubmit=${goOn}>
    <${Where} place=${place} />
    ${needsNumber ? html`<${Confirm} count=${left} typed=${typed} problem=${fields.confirm} onTyped=${setTyped} />` : null}
    <div class="acts">
      <button type="submit" disabled=${!isLive || busy !== null || (needsNumber && typed !== String(left))}>
        Go on with up to ${format.count(left)} more
      </button>
    </div>
    <${ActProblem} problem=${failed?.problem} />
  </form>`;
};

import { useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { DryRun, Job, LetterSelection } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import { Field } from '../../parts/field.ts';
import { format } from '../../parts/format.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { Confirm, mustConfirm } from './confirm.ts';

/** As `tally dlq redrive` has it. */
const RATE_DEFAULT = 50;

interface RedriveFormProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly route: DeadLetterRoute;
  readonly selection: LetterSelection;
  readonly onStarted: (job: Job) => void;
  readonly run: DryRun;
}

/** Starts the redrive that the dry run showed. The button says how many it sends, and where to. */
export const RedriveForm = ({ place, isLive, route, selection, onStarted, run }: RedriveFormProps) => {
  const { most, isAll, topics } = sizeOf(run);
  const [rate, setRate] = useState(String(RATE_DEFAULT));
  const [limit, setLimit] = useState(String(most));
  const [typed, setTyped] = useState('');
  const { run: act, busy, failed, fields } = useAct();
  if (most === 0) return html`<div class="sec"><p>There is nothing to redrive in this selection.</p></div>`;
  const count = Math.min(most, decimalOf(limit));
  const isNumber = Number.isInteger(count) && count > 0;
  const needsNumber = isNumber && mustConfirm(place, count);
  const redrive = async (event: Event): Promise<void> => {
    event.preventDefault();
    const confirm = needsNumber ? { confirm: decimalOf(typed) } : {};
    const body = { selection, rate: decimalOf(rate), limit: isNumber ? count : decimalOf(limit), ...confirm };
    const job = await act<Job>('redrive', '/api/dead-letters/redrive', body);
    if (job !== undefined) onStarted(job);
  };
  const time =
    isNumber && decimalOf(rate) > 0 ? `about ${format.duration((count / decimalOf(rate)) * 1_000)}` : '';
  return html`
    <form novalidate onSubmit=${redrive}>
      <div class="sec">
        <h3>How</h3>
        <div class="f2 how">
          <${Field}
            id="rate"
            label="rate, a second"
            value=${rate}
            problem=${fields.rate}
            isNumber=${true}
            onValue=${setRate}
          />
          <${Field}
            id="limit"
            label="limit"
            value=${limit}
            problem=${fields.limit}
            hint=${time}
            isNumber=${true}
            onValue=${setLimit}
          />
        </div>
      </div>
      <div class="sec">
        <h3>Where</h3>
        <${Where} place=${place} />
        ${needsNumber ? html`<${Confirm} count=${count} typed=${typed} problem=${fields.confirm} onTyped=${setTyped} />` : null}
        <div class="acts">
          <button
            type="submit"
            class="primary"
            disabled=${!isLive || busy !== null || (needsNumber && typed !== String(count))}
          >
            ${`Redrive ${isAll ? '' : 'up to '}${isNumber ? format.count(count) : limit} to ${topics.join(' and ')}`}
          </button>
          <a class="btn" href=${hrefOf({ ...route, at: 'list' })}>Cancel</a>
        </div>
        <${ActProblem} problem=${failed?.problem} />
      </div>
    </form>
    <div class="sec">
      <h3>The same in a terminal</h3>
      <${Command} text=${run.command.replace(' --dry-run', ` --rate ${rate} --limit ${limit} --dry-run`)} />
    </div>
  `;
};

/** What was not looked at may be sent, too, or not. */
const sizeOf = ({ sends, terms }: DryRun) => {
  const unseen = terms.reduce((sum, { kind, count }) => sum + (kind === 'not looked at' ? count : 0), 0);
  const topics = terms.filter(({ kind }) => kind === 'send').map(({ text }) => text);
  return { most: sends + unseen, isAll: unseen === 0, topics };
};

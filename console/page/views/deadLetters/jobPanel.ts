import type { Place } from '../../../contract.ts';
import type { Job } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { Icon, type Shape } from '../../parts/icon.ts';
import { Mark } from '../../parts/mark.ts';
import { useAct } from '../../parts/useAct.ts';
import { GoOnForm } from './goOnForm.ts';
import { withoutTimes } from './sayHistory.ts';
import { leftOf, VERBS } from './sayEnd.ts';

interface JobPanelProps {
  readonly place: Place;
  readonly job: Job | null;
  readonly isLive: boolean;
  readonly onStarted: (job: Job) => void;
}

/** The redrive or discard that runs, or the last one: how far it came, and what became of what was sent. */
export const JobPanel = (props: JobPanelProps) => {
  const { job } = props;
  if (job === null) {
    return html`<div class="sec">
      <h3>No redrive is running</h3>
      <p class="quiet">
        Select letters, look at the dry run, then start one there. It is shown here, also after a reload.
      </p>
    </div>`;
  }
  return html`
    <${Progress} ...${props} job=${job} />
    <${Became} job=${job} />
    ${
      job.selection.by === 'places'
        ? null
        : html`<div class="sec">
            <h3>New in this group since the start</h3>
            <p>${sayNew(job)}</p>
          </div>`
    }
    <div class="sec">
      <h3>If this page closes</h3>
      <p class="small quiet">
        The console server goes on. The ${job.action} and its end are in History, and in${' '}<code
          >npx tally dlq history</code
        >.
      </p>
    </div>
  `;
};

const sayNew = ({ newSinceStart, action }: Job): string =>
  `${newSinceStart === null ? 'Not counted yet' : format.count(newSinceStart)}. A letter that arrives now is not part of this ${action}.`;

const Progress = (props: JobPanelProps & { readonly job: Job }) => {
  const { job, isLive, onStarted } = props;
  const { run, busy, failed } = useAct();
  const { done, total, ratePerSecond, startedAtMs, endedAtMs } = job;
  const isRunning = endedAtMs === null;
  const verb = VERBS[job.action];
  const handled = total - leftOf(job);
  const left =
    ratePerSecond === null ? '' : `, ${format.duration(((total - done) / ratePerSecond) * 1_000)} left`;
  const stop = async (): Promise<void> => {
    const stopping = await run<Job>('stop', '/api/jobs/stop', { id: job.id });
    if (stopping !== undefined) onStarted(stopping);
  };
  return html`<div class="sec">
    <h3>${titleOf(job)}</h3>
    <p class="small quiet wrap" title=${job.said}>${withoutTimes(job.said)}</p>
    <div
      class="prog"
      role="progressbar"
      aria-label=${job.action}
      aria-valuemin="0"
      aria-valuemax=${total}
      aria-valuenow=${handled}
      aria-valuetext=${`${done} of ${total} ${verb}`}
    >
      <i style=${`width:${total === 0 ? 100 : (handled / total) * 100}%`}></i>
    </div>
    <p>
      <b>${format.count(done)} of ${format.count(total)} ${verb}</b
      >${isRunning ? left : `, in ${format.duration(endedAtMs - startedAtMs)}`}
    </p>
    ${job.refused.map(({ why, count }) => html`<p key=${why} class="small">${format.count(count)} not ${verb}: ${why}.</p>`)}
    ${
      isRunning
        ? html`<div class="acts">
            <button
              type="button"
              class="danger"
              disabled=${!isLive || busy !== null || job.state === 'stopping'}
              onClick=${stop}
            >
              ${job.state === 'stopping' ? 'Stopping …' : 'Stop'}
            </button>
            <span class="small quiet">Stops between two messages. What is not ${verb} stays open.</span>
          </div>`
        : null
    }
    <${ActProblem} problem=${failed?.problem} />
    ${isRunning || job.state === 'done' ? null : html`<${NotWhole} ...${props} />`}
  </div>`;
};

const titleOf = ({ action, state, startedAtMs, endedAtMs, ratePerSecond, operator }: Job): string => {
  const name = action === 'redrive' ? 'Redrive' : 'Discard';
  if (endedAtMs === null) {
    return `${name} running since ${format.time(startedAtMs)}${ratePerSecond === null ? '' : `, ${ratePerSecond} a second`}`;
  }
  const how = { done: 'ended', stopped: 'was stopped', failed: 'failed', running: '', stopping: '' }[state];
  return `${name} of ${format.time(startedAtMs)} ${how} ${format.time(endedAtMs)}, by ${operator}`;
};

/** It ended before its end: what was done, what was not, why, and where to go on. */
const NotWhole = (props: JobPanelProps & { readonly job: Job }) => {
  const { job } = props;
  const left = leftOf(job);
  const notDone = `${left === 0 ? '' : 'up to '}${format.count(left)} not`;
  const said = `${format.count(job.done)} ${VERBS[job.action]}, ${notDone}: ${job.problem ?? 'it was stopped'}.`;
  return html`
    <p>
      <${Mark} shape=${job.state === 'failed' ? 'bad' : 'attn'}>${said}<//>
    </p>
    ${job.action === 'redrive' && left > 0 ? html`<${GoOnForm} key=${job.id} ...${props} />` : null}
    ${
      job.command === null
        ? null
        : html`<p class="small quiet">To go on in a terminal:</p>
            <${Command} text=${job.command} />`
    }
  `;
};

const TERMS: Readonly<Record<string, { readonly shape: Shape; readonly what: string }>> = {
  matched: { shape: 'ok', what: 'the order has a payment' },
  stored: { shape: 'ok', what: 'no payment yet' },
  parked: { shape: 'wait', what: 'waits for its order' },
  'invalid again': { shape: 'attn', what: 'the same letter, with a higher count' },
  'on their way': { shape: 'wait', what: 'published, not acked yet' },
};

const Became = ({ job: { became } }: { readonly job: Job }) => {
  if (became === null || became.followed === 0) return null;
  const note = (name: string, what: string): string =>
    name === 'on their way' && !became.isLooking ? 'not in the ledger a minute later' : what;
  return html`<div class="sec">
    <h3>What became of the ${format.count(became.followed)}</h3>
    <table class="addup">
      <caption class="sr">
        Outcomes so far
      </caption>
      <tbody>
        ${became.terms
          .filter(({ name, count }) => count > 0 || name !== 'parked')
          .map(({ name, count }) => {
            const { shape = 'calm', what = '' } = TERMS[name] ?? {};
            return html`<tr key=${name}>
              <th scope="row"><${Icon} shape=${count === 0 ? 'calm' : shape} />${name}</th>
              <td class="num">${format.count(count)}</td>
              <td class="quiet small">${count === 0 ? '' : note(name, what)}</td>
            </tr>`;
          })}
        <tr class="total">
          <th scope="row">sent</th>
          <td class="num">${format.count(became.followed)}</td>
          <td></td>
        </tr>
      </tbody>
    </table>
  </div>`;
};

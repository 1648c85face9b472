import { useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { Job, LetterSelection } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import { Field } from '../../parts/field.ts';
import { format } from '../../parts/format.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';
import { Confirm, mustConfirm } from './confirm.ts';
import { letters } from './reasons.ts';

/** As the server has it. */
const AT_ONCE_MAX = 10_000;

interface DiscardPanelProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly selection: LetterSelection;
  readonly count: number;
  /** False: they are at most so many. */
  readonly isExact: boolean;
  /** What will be discarded, in words. */
  readonly named: string;
  /** What does the same in a terminal, but for the reason. */
  readonly command: string;
  readonly cancelHref: string;
  readonly onStarted: (job: Job) => void;
}

/** Decides that nobody has to look at the selected letters any more. A reason is required. */
export const DiscardPanel = ({
  place,
  isLive,
  selection,
  count,
  isExact,
  named,
  command,
  cancelHref,
  onStarted,
}: DiscardPanelProps) => {
  const [because, setBecause] = useState('');
  const [typed, setTyped] = useState('');
  const { run, busy, failed, fields } = useAct();
  const limit = Math.min(count, AT_ONCE_MAX);
  const what = `${isExact && limit === count ? '' : 'up to '}${letters(limit)}`;
  const needsNumber = mustConfirm(place, limit);
  const discard = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { selection, limit, because, ...(needsNumber ? { confirm: decimalOf(typed) } : {}) };
    const job = await run<Job>('discard', '/api/dead-letters/discard', body);
    if (job !== undefined) onStarted(job);
  };
  return html`
    <div class="sec">
      <h3>${what.replace(/^up/, 'Up')} will no longer be open</h3>
      <p class="wrap">${named}</p>
      <p class="small quiet">
        Nothing is deleted. The decision and its reason become entries in the ledger, or stand beside a letter
        that is <i>invalid</i>. A later message for the same order is handled as always.
        ${limit === count ? '' : ` At most ${format.count(AT_ONCE_MAX)} are discarded at once.`}
      </p>
    </div>
    <div class="sec">
      <form novalidate onSubmit=${discard}>
        <${Field}
          id="because"
          label="reason"
          value=${because}
          problem=${fields.because}
          onValue=${setBecause}
        />
        <${Where} place=${place} />
        ${needsNumber ? html`<${Confirm} count=${limit} typed=${typed} problem=${fields.confirm} onTyped=${setTyped} />` : null}
        <div class="acts">
          <button
            type="submit"
            class="danger"
            disabled=${!isLive || busy !== null || (needsNumber && typed !== String(limit))}
          >
            Discard ${what}
          </button>
          <a class="btn" href=${cancelHref}>Cancel</a>
        </div>
        <${ActProblem} problem=${fields.because === undefined ? failed?.problem : undefined} />
      </form>
    </div>
    <div class="sec">
      <h3>The same in a terminal</h3>
      <${Command} text=${`${command} --because '…' --limit ${limit}`} />
    </div>
  `;
};

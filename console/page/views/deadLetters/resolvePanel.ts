import { useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { Letter, Resolved } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { Field } from '../../parts/field.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';

interface ResolvePanelProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly letter: Letter;
  /** Gets a sentence for screen readers. */
  readonly onDone: (sentence: string) => void;
}

/** Decides that a finding of an order has been dealt with. A reason is required. */
export const ResolvePanel = ({ place, isLive, letter, onDone }: ResolvePanelProps) => {
  const { orderId, reason } = letter.row;
  const [because, setBecause] = useState('');
  const [done, setDone] = useState<string | null>(null);
  const { run, busy, failed, fields } = useAct();
  if (orderId === null) return html`<div class="sec"><p>It does not say which order it is about.</p></div>`;
  const resolve = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = await run<Resolved>('resolve', '/api/dead-letters/resolve', {
      orderId,
      reason,
      refs: letter.resolvable.map(({ ref }) => ref),
      because,
    });
    if (found === undefined) return;
    const left = found.changed === 0 ? '' : ` ${found.changed} changed meanwhile: look again.`;
    setDone(`Resolved: ${found.resolved.join('; ')}.${left}`);
    onDone(`${reason} of order ${orderId} is resolved.${left}`);
  };
  const command = `npx tally findings resolve ${orderId} --reason ${reason} --because '…'`;
  return html`
    <div class="sec">
      <h3>The ${reason} of order ${orderId} will no longer be open</h3>
      <p class="small quiet">
        The decision and its reason become an entry in the ledger. If what was found changes later, it is
        another finding and is told again.
      </p>
      ${letter.resolvable.map(({ ref, text }) => html`<p key=${ref} class="wrap">${text}</p>`)}
    </div>
    <div class="sec">
      <form novalidate onSubmit=${resolve}>
        <${Field}
          id="because"
          label="reason"
          value=${because}
          problem=${fields.because}
          onValue=${setBecause}
        />
        <${Where} place=${place} />
        <div class="acts">
          <button type="submit" class="primary" disabled=${!isLive || busy !== null || done !== null}>
            Resolve ${reason} of order ${orderId}
          </button>
        </div>
        <p class="small">${done}</p>
        <${ActProblem} problem=${fields.because === undefined ? failed?.problem : undefined} />
      </form>
    </div>
    <div class="sec">
      <h3>The same in a terminal</h3>
      <${Command} text=${command} />
    </div>
  `;
};

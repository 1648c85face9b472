import { useState } from 'preact/hooks';
import type { HealAnswer, OrderDetail, Place } from '../../../contract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { Field } from '../../parts/field.ts';
import { Mark } from '../../parts/mark.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';
import type { Live, PageActions } from '../../view.ts';

export interface HealFormProps {
  readonly order: OrderDetail;
  readonly place: Place;
  readonly live: Pick<Live, 'state'>;
  readonly actions: PageActions;
  /** Reads the order again. */
  readonly onHealed: () => void;
}

/** Whether the row is what the ledger says, and the act that makes it so. It may run beside everything. */
export const HealForm = ({ order, place, live, actions, onHealed }: HealFormProps) => {
  const [because, setBecause] = useState('');
  const [healed, setHealed] = useState('');
  const { run, busy, failed, fields } = useAct();
  const { orderId, problems } = order;
  const heal = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setHealed('');
    const answer = await run<HealAnswer>('heal', `/api/orders/${orderId}/heal`, { because });
    actions.announce(answer?.result ?? `Order ${orderId} was not healed.`);
    if (answer === undefined) return;
    setHealed(answer.result);
    onHealed();
  };
  return html`<div class="heal">
    ${
      problems.length === 0
        ? html`<p>
            <${Mark} shape="ok">The row is what the ledger says.<//>
            <span class="quiet small"> Heal would write nothing.</span>
          </p>`
        : html`<p><${Mark} shape="bad">Broken, or in progress.<//></p>
            <ul>
              ${problems.map((problem) => html`<li key=${problem}>${problem}.</li>`)}
            </ul>
            <p class="small quiet">
              Heal folds order ${orderId} again and writes what is missing. It changes nothing that is right.
            </p>
            <form onSubmit=${heal}>
              <${Field}
                id="heal-because"
                label="because"
                value=${because}
                problem=${fields.because}
                hint="Your words, for the history. They may be left out."
                onValue=${setBecause}
              />
              <${Where} place=${place} />
              <div class="acts">
                <button type="submit" class="primary" disabled=${busy !== null || live.state !== 'live'}>
                  Heal order ${orderId}
                </button>
              </div>
            </form>
            <${Command} text=${`npx tally heal ${orderId}`} />`
    }
    ${healed === '' ? null : html`<p>${healed}</p>`}<${ActProblem}
      problem=${fields.because === undefined ? failed?.problem : undefined}
    />
  </div>`;
};

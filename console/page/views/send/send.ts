import { useState } from 'preact/hooks';
import type { SendForm, SendRequest, SendState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Problem } from '../../parts/problem.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useTick } from '../../parts/useTick.ts';
import type { ViewProps } from '../../view.ts';
import { LastRun } from './lastRun.ts';
import { firstTexts } from './messageBody.ts';
import { MessageForm } from './messageForm.ts';
import { RunForm } from './runForm.ts';
import { SentList } from './sentList.ts';

const ASK_EVERY_MS = 1_000;

/** What was typed stays when another view is shown in between. */
let typed = firstTexts(Date.now(), Math.random);

export const Send = ({ place, live, actions }: ViewProps) => {
  const form = useFetched<SendForm>('/api/send/form');
  const state = useFetched<SendState>('/api/send', useTick(ASK_EVERY_MS));
  const [kind, setKind] = useState<SendRequest['kind']>('order');
  const [texts, setTexts] = useState(typed);
  const isLive = live.state === 'live';
  const onText = (name: string, text: string): void => {
    typed = { ...typed, [name]: text };
    setTexts(typed);
  };
  const onDone = (sentence: string): void => {
    state.again();
    actions.announce(sentence);
  };
  const { run = null, runsBefore = [], sent = [] } = state.value ?? {};
  return html`
    <div class="view">
      <div class="head">
        <h1>Send</h1>
        <span class="quiet small">to project ${place.project}, Pub/Sub ${place.pubsub}</span>
      </div>
      ${form.problem === null ? null : html`<${Problem} title="The form cannot be read" fetched=${form} />`}
      ${
        form.value === null
          ? html`<p class="quiet">${form.isSlow ? '…' : ''}</p>`
          : html`<div class="cols">
              <${MessageForm}
                ...${{ form: form.value, isLive, kind, onKind: setKind, texts, onText, onSent: onDone }}
              />
              <section aria-labelledby="h-many">
                <${RunForm} ...${{ form: form.value, run, isLive, onDone, onAgain: form.again }} />
              </section>
              <section aria-labelledby="h-run">
                ${state.problem !== null && isLive ? html`<${Problem} title="The runs cannot be read" fetched=${state} />` : null}
                <${LastRun} run=${run} runsBefore=${runsBefore} frame=${live.frame} />
                <${SentList} sent=${sent} />
              </section>
            </div>`
      }
    </div>
  `;
};

import type { MessageDetail, StepName, StepsAnswer } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useAskAgain } from './useAskAgain.ts';

const STEP_NAMES: readonly StepName[] = ['record', 'read', 'fold', 'show', 'tell', 'ack'];

/** The six steps of the last attempt, from its trace. Where there is none, that is said. */
export const StepsOfLast = ({ message }: { readonly message: MessageDetail }) => {
  const { eventId, attempts } = message;
  const fetched = useFetched<StepsAnswer>(
    eventId === null ? null : `/api/steps/${encodeURIComponent(eventId)}`,
    `${attempts.failed} ${attempts.isAcked}`,
  );
  const { value, problem } = fetched;
  // Spans come seconds after the answer.
  const isBehind = value?.steps?.attempt !== attempts.list.at(-1)?.number;
  useAskAgain(fetched, value?.isTraced === true && isBehind);
  if (problem !== null) return html`<p class="small quiet">Its six steps cannot be shown: ${problem}.</p>`;
  if (value === null) return null;
  const { steps, isTraced } = value;
  if (steps === null) return html`<p class="small quiet">${isTraced ? FORGOTTEN : UNTRACED}</p>`;
  return html`
    <dl class="steps" aria-label=${`What attempt ${steps.attempt} did`}>
      ${STEP_NAMES.map((name) => {
        const done = steps.steps.filter((step) => step.name === name);
        return html`<div key=${name}>
          <dt>${name}</dt>
          <dd>
            ${done.length === 0 ? '–' : sayTime(done.reduce((total, { tookMs }) => total + tookMs, 0))}
            <br />${noteOf(name, done)}
          </dd>
        </div>`;
      })}
    </dl>
    <p class="small quiet">Trace <code>${steps.traceId}</code>, ${format.duration(steps.tookMs)} in all.</p>
  `;
};

/** `0.14` → `0.1 ms`: a step is shorter than most times on the page. */
const sayTime = (ms: number): string => (ms < 100 ? `${ms.toFixed(1)} ms` : format.duration(ms));

const UNTRACED = 'Without traces its six steps are not known. Start with npm start -- --traces to see them.';
const FORGOTTEN = 'No spans of it have come, or they are forgotten, so its six steps are not shown.';

const noteOf = (
  name: StepName,
  done: readonly { readonly note: string; readonly error: string | null }[],
) => {
  const failed = done.find(({ error }) => error !== null);
  if (failed !== undefined) return html`<span class="attn">${failed.error}</span>`;
  return done[0]?.note ?? (name === 'tell' ? 'nothing' : '');
};

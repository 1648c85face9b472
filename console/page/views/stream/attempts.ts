import type { MessageAttempt, MessageDetail } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { StepsOfLast } from './stepsOfLast.ts';
import { attemptsAxis } from './attemptsAxis.ts';

/** A message may be tried a hundred times. The first ones say why, the last ones say where it stands. */
const FIRST_SHOWN = 3;
const LAST_SHOWN = 7;

interface AttemptsProps {
  readonly message: MessageDetail;
  readonly nowMs: number;
}

/** Every attempt on one axis, and the six steps of the last one. */
export const Attempts = ({ message, nowMs }: AttemptsProps) => {
  const { list } = message.attempts;
  const bars = attemptsAxis(list, nowMs);
  const isLeftOut = (index: number): boolean =>
    list.length > FIRST_SHOWN + LAST_SHOWN && index >= FIRST_SHOWN && index < list.length - LAST_SHOWN;
  return html`
    ${list.length === 0 ? html`<p class="quiet">No function has got it yet.</p>` : null}
    <ol class="wf">
      ${list.map((attempt, index) => {
        if (isLeftOut(index)) {
          return index === FIRST_SHOWN
            ? html`<li key="left-out" class="err">
                ${list.length - FIRST_SHOWN - LAST_SHOWN} attempts are left out.
              </li>`
            : null;
        }
        return html`<${AttemptLine}
          key=${index}
          attempt=${attempt}
          number=${index + 1}
          bar=${bars[index]}
        />`;
      })}
    </ol>
    ${list.length === 0 ? null : html`<${StepsOfLast} message=${message} />`}
  `;
};

interface AttemptLineProps {
  readonly attempt: MessageAttempt;
  readonly number: number;
  readonly bar: ReturnType<typeof attemptsAxis>[number] | undefined;
}

const AttemptLine = ({ attempt, number, bar }: AttemptLineProps) => {
  const { startedAtMs, endedAtMs, settlement, status, error, backoffMs } = attempt;
  const isFailed = settlement !== 'ack' && settlement !== null;
  const answered = status === null ? (settlement ?? 'under way') : String(status);
  const took = endedAtMs === null ? '' : ` after ${format.duration(endedAtMs - startedAtMs)}`;
  const backoff = backoffMs === null ? '' : `, then a backoff of ${format.duration(backoffMs)}`;
  const why = settlement === 'ack lost' ? 'The ack was lost on its way to Pub/Sub.' : error;
  return html`<li>
    <span class="sr">Attempt ${number}, ${answered}${took}${backoff}.</span>
    <span class="when" aria-hidden="true"
      ><b>${number}</b> <code>${format.exactTime(startedAtMs)}</code></span
    >
    <div class="lane" aria-hidden="true">
      <i
        class="bar-b ${isFailed ? 'bad' : ''}"
        style=${{ left: `${bar?.left ?? 0}%`, width: `${bar?.width ?? 0}%` }}
      ></i>
      ${
        bar?.gap === undefined
          ? null
          : html`<i class="bar-b gap" style=${{ left: `${bar.gap.left}%`, width: `${bar.gap.width}%` }}></i
              ><span class="gl" style=${{ left: `${bar.gap.left + bar.gap.width / 2}%` }}
                >${bar.gap.width < WIDE_ENOUGH ? '' : `backoff ${format.duration(backoffMs)}`}</span
              >`
      }
    </div>
    <span class="num ${isFailed ? 'attn' : ''}" aria-hidden="true">${answered}</span>
    ${why === null ? null : html`<p class="err">${why}</p>`}
  </li>`;
};

/** Percent of the axis in which the words of a backoff have room. */
const WIDE_ENOUGH = 24;

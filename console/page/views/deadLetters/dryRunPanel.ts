import { useEffect, useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { DryRun, Job, LetterSelection } from '../../../deadLetterContract.ts';
import { post, problemOf } from '../../api.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { format } from '../../parts/format.ts';
import { Icon, type Shape } from '../../parts/icon.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { letters, shortId } from './reasons.ts';
import { RedriveForm } from './redriveForm.ts';

interface DryRunPanelProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly route: DeadLetterRoute;
  readonly selection: LetterSelection;
  /** How many it was at most when it was selected. */
  readonly count: number;
  readonly onStarted: (job: Job) => void;
}

/** Says exactly what a redrive would do, as a sum, and sends nothing until its button is pressed. */
export const DryRunPanel = (props: DryRunPanelProps) => {
  const [run, setRun] = useState<DryRun | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    const isLatest = (): boolean => !aborter.signal.aborted;
    setRun(null);
    setProblem(null);
    post<DryRun>('/api/dead-letters/dry-run', { selection: props.selection }, aborter.signal).then(
      (value) => isLatest() && setRun(value),
      (error: unknown) => isLatest() && setProblem(problemOf(error)),
    );
    // Who looks at something else does not let the server read on.
    return () => aborter.abort();
  }, [JSON.stringify(props.selection), round]);
  if (problem !== null) {
    return html`<div class="sec">
      <${Blank} title="The dry run failed" shape="bad">
        <p>${problem}. Nothing was sent.</p>
        <p><button type="button" onClick=${() => setRound(round + 1)}>Look again</button></p>
      <//>
    </div>`;
  }
  if (run === null) return html`<div class="sec"><p class="quiet">Reading what is selected …</p></div>`;
  return html`
    <div class="sec">
      <h3>Nothing was sent. A redrive would do this:</h3>
      <${Terms} run=${run} route=${props.route} />
      <p class="small quiet after">
        Each keeps its event id and its first publish time, so the ledger gets one entry for it, however often
        it is sent. ${run.will}
      </p>
      ${
        run.selected > props.count
          ? html`<p class="small quiet">
              ${`${format.count(run.selected - props.count)} more than in the list: so many that fit have come since it was counted.`}
            </p>`
          : null
      }
    </div>
    <${First} run=${run} />
    <${RedriveForm} ...${props} run=${run} />
  `;
};

const SHAPES: Readonly<Record<DryRun['terms'][number]['kind'], Shape>> = {
  send: 'ok',
  'invalid again': 'attn',
  refused: 'calm',
  'not looked at': 'wait',
};
const NAMES = {
  send: 'to',
  'invalid again': 'invalid again',
  refused: 'cannot be sent',
  'not looked at': 'not looked at',
};

const Terms = ({ run, route }: { readonly run: DryRun; readonly route: DeadLetterRoute }) => html`
  <table class="addup">
    <caption class="sr">
      Dry run of ${letters(run.selected)}
    </caption>
    <tbody>
      ${run.terms.map(
        ({ kind, text, count, place }) =>
          html`<tr key=${`${kind} ${text}`}>
            <th scope="row">
              <${Icon}
                shape=${SHAPES[kind]}
              />${NAMES[kind]}${kind === 'send' ? html` <code>${text}</code>` : ''}
            </th>
            <td class="num">${format.count(count)}</td>
            <td class="quiet small">
              ${kind === 'send' ? 'accepted by today’s schema' : text}
              ${
                kind === 'invalid again' && place !== null
                  ? html`${': '}<a href=${hrefOf({ ...route, at: 'edit', letter: place })}
                        >edit ${count === 1 ? 'it' : 'one'}</a
                      >`
                  : ''
              }
            </td>
          </tr>`,
      )}
      <tr class="total">
        <th scope="row">selected</th>
        <td class="num">${format.count(run.selected)}</td>
        <td></td>
      </tr>
    </tbody>
  </table>
`;

const First = ({ run }: { readonly run: DryRun }) =>
  run.first.length === 0
    ? null
    : html`<div class="sec">
        <h3>The first of the ${format.count(run.sends)}</h3>
        <table>
          <caption class="sr">
            The first letters that would be sent
          </caption>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col">Order</th>
              <th scope="col" class="hide-m">First published</th>
              <th scope="col" class="num">Size</th>
              <th scope="col" class="num">Redriven</th>
            </tr>
          </thead>
          <tbody>
            ${run.first.map(
              ({ id, orderId, publishedAtMs, redrives, bytes }) =>
                html`<tr key=${id}>
                  <td><code>${shortId(id)}</code></td>
                  <td>${orderId ?? '–'}</td>
                  <td class="hide-m"><code>${format.exactTime(publishedAtMs)}</code></td>
                  <td class="num">${format.bytes(bytes)}</td>
                  <td class="num">${redrives - 1} → ${redrives}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;

import type { Frame, SendState, SimulatorRun } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon, type Shape } from '../../parts/icon.ts';
import { Mark } from '../../parts/mark.ts';

interface LastRunProps extends Pick<SendState, 'run' | 'runsBefore'> {
  readonly frame: Frame | null;
}

/** What the last run must leave, beside what is there. */
export const LastRun = ({ run, runsBefore, frame }: LastRunProps) => html`
  <div class="titled"><h2 id="h-run">Last run, expected beside actual</h2></div>
  ${
    run === null
      ? html`<p class="quiet">No run was started here yet.</p>`
      : html`<p class="small quiet">${describe(run)}</p>
          ${run.lines.length === 0 ? null : html`<${Lines} lines=${run.lines} />`}
          <p class="said"><${Verdict} run=${run} frame=${frame} /></p>
          ${
            run.state === 'wrong'
              ? html`<ul class="small unmet">
                  ${run.unmet.map((sentence) => html`<li key=${sentence}>${sentence}</li>`)}
                  ${run.unmetCount > run.unmet.length ? html`<li>and ${format.count(run.unmetCount - run.unmet.length)} more</li>` : null}
                </ul>`
              : null
          }`
  }
  ${runsBefore.length === 0 ? null : html`<${Before} runs=${runsBefore} />`}
`;

const describe = ({ what, seed, startedAtMs, publishedInMs }: SimulatorRun): string =>
  [
    what,
    ...(seed === null ? [] : [`seed ${seed}`]),
    `started ${format.time(startedAtMs)}`,
    ...(publishedInMs === null ? [] : [`published in ${format.duration(publishedInMs)}`]),
  ].join(', ');

const Lines = ({ lines }: Pick<SimulatorRun, 'lines'>) => html`
  <table>
    <caption class="sr">
      Expected and actual end state of the last run
    </caption>
    <thead>
      <tr>
        <th scope="col">End state</th>
        <th scope="col" class="num">Expected</th>
        <th scope="col" class="num">Actual</th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        ({ name, expected, actual, state, verdict }) =>
          html`<tr key=${name}>
            <th scope="row">${name}</th>
            <td class="num">${format.count(expected)}</td>
            <td class="num">${format.count(actual)}</td>
            <td class="${state} nowrap"><${Icon} shape=${state} />${verdict}</td>
          </tr>`,
      )}
    </tbody>
  </table>
`;

const SHAPES: Readonly<Record<SimulatorRun['state'], readonly [Shape, string]>> = {
  publishing: ['wait', 'Publishing.'],
  waiting: ['wait', 'Not settled yet.'],
  agrees: ['ok', 'Agrees.'],
  wrong: ['bad', 'Not as expected.'],
  stopped: ['calm', 'Stopped.'],
  failed: ['bad', 'Failed.'],
};

const Verdict = ({ run, frame }: { readonly run: SimulatorRun; readonly frame: Frame | null }) => {
  const [shape, word] = SHAPES[run.state];
  return html`<${Mark} shape=${shape} look=${run.state === 'agrees' ? 'word' : undefined}><b>${word}</b><//>
    ${` ${sentenceOf(run, frame)}`}`;
};

const sentenceOf = (run: SimulatorRun, frame: Frame | null): string => {
  if (run.problem !== null) return run.problem;
  switch (run.state) {
    case 'publishing':
      return 'What is expected is known when all is published.';
    case 'waiting':
      return frame === null ? '' : waitingIn(frame);
    case 'agrees':
      return `All ${format.count(run.messages)} messages ended as expected, ${format.duration(run.tookMs)} after the start.`;
    case 'wrong':
      return 'Nothing is on its way any more.';
    case 'stopped':
    case 'failed':
      return '';
  }
};

const waitingIn = ({ edges, atMs }: Frame): string => {
  const subscriptions = Object.values(edges.subscriptions);
  const backlog = subscriptions.reduce((sum, one) => sum + (one.backlog ?? 0), 0);
  if (subscriptions.some((one) => one.backlog === null))
    return 'How many are on their way cannot be known here.';
  const oldest = Math.min(...subscriptions.map(({ oldestMs }) => oldestMs ?? Number.POSITIVE_INFINITY));
  if (backlog === 0) return 'All messages are acked; the tables are read again.';
  return `${format.count(backlog)} ${backlog === 1 ? 'message is' : 'messages are'} not acked; the oldest for ${format.age(atMs - oldest)}.`;
};

const RESULTS: Readonly<Record<SimulatorRun['state'], string>> = {
  publishing: 'publishing',
  waiting: 'on its way',
  agrees: 'agrees',
  wrong: 'not as expected',
  stopped: 'stopped',
  failed: 'failed',
};

const Before = ({ runs }: { readonly runs: readonly SimulatorRun[] }) => html`
  <h3>Runs before that</h3>
  <table class="log-t">
    <caption class="sr">
      Earlier runs
    </caption>
    <tbody>
      ${runs.map(
        (run) =>
          html`<tr key=${run.startedAtMs}>
            <td><code>${format.time(run.startedAtMs)}</code></td>
            <td>${run.what}</td>
            <td class="nowrap ${SHAPES[run.state][0]}">
              <${Icon} shape=${SHAPES[run.state][0]} />${RESULTS[run.state]}
            </td>
            <td class="num">${run.tookMs === null ? '' : format.duration(run.tookMs)}</td>
          </tr>`,
      )}
    </tbody>
  </table>
`;

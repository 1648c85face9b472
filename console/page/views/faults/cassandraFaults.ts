import { useEffect, useState } from 'preact/hooks';
import type { FaultsState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import { format } from '../../parts/format.ts';
import type { Shape } from '../../parts/icon.ts';
import { Mark } from '../../parts/mark.ts';
import { useAct } from '../../parts/useAct.ts';

type Cassandra = FaultsState['cassandra'];

interface CassandraFaultsProps {
  readonly cassandra: Cassandra;
  readonly isLive: boolean;
  /** Called with a sentence on what was done. */
  readonly onDone: (sentence: string) => void;
}

const SHAPE_OF: Readonly<Record<NonNullable<Cassandra['state']>, Shape>> = {
  running: 'ok',
  stopping: 'wait',
  stopped: 'bad',
  starting: 'wait',
  died: 'bad',
};

/** Stop, start and slow down: an outage, as an operator would make it. */
export const CassandraFaults = ({ cassandra, isLive, onDone }: CassandraFaultsProps) => {
  const { state, cannot } = cassandra;
  const { busy, failed, run } = useAct();
  const act = async (name: 'stop' | 'start', sentence: string): Promise<void> => {
    if ((await run(name, '/api/faults/cassandra', { act: name })) !== undefined) onDone(sentence);
  };
  const isBusy = busy !== null || !isLive;
  return html`
    <section aria-labelledby="h-cas">
      <h2 id="h-cas">Cassandra</h2>
      <table class="cas">
        <caption class="sr">
          Cassandra faults
        </caption>
        <tbody>
          <tr>
            <th scope="row" class="nowrap">
              ${state === null ? 'not ours' : html`<${Mark} shape=${SHAPE_OF[state]}>${wordOf(state)}<//>`}
            </th>
            <td class="what">${sentenceOf(cassandra)}<${ActProblem} problem=${failed?.problem} /></td>
            <td class="num">
              ${
                cannot === null
                  ? html`<button
                        type="button"
                        class="danger"
                        disabled=${isBusy || state !== 'running'}
                        onClick=${() => act('stop', 'Cassandra is stopped.')}
                      >
                        Stop Cassandra
                      </button>
                      <button
                        type="button"
                        disabled=${isBusy || (state !== 'stopped' && state !== 'died')}
                        onClick=${() => act('start', 'Cassandra is running again.')}
                      >
                        Start
                      </button>`
                  : null
              }
            </td>
          </tr>
          ${cannot === null ? html`<${Slow} ...${{ cassandra, isLive, onDone }} />` : null}
        </tbody>
      </table>
    </section>
  `;
};

const Slow = ({ cassandra: { delayMs, delayMsMax }, isLive, onDone }: CassandraFaultsProps) => {
  const [text, setText] = useState(String(delayMs));
  // Whoever turns all off elsewhere changes what is shown here.
  useEffect(() => setText(String(delayMs)), [delayMs]);
  const { busy, failed, run } = useAct();
  const set = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wanted = decimalOf(text);
    if ((await run('slow', '/api/faults/slow', { delayMs: wanted })) !== undefined)
      onDone(
        wanted === 0 ? 'Cassandra answers at once.' : `Each answer of Cassandra comes ${text} ms later.`,
      );
  };
  return html`<tr>
    <th scope="row">${delayMs === 0 ? 'slow' : html`<${Mark} shape="attn">slow<//>`}</th>
    <td class="what">
      each answer comes later, by this many milliseconds${' '}
      <span id="slow-problem"><${ActProblem} problem=${failed?.problem} /></span>
    </td>
    <td class="num">
      <form class="inline" onSubmit=${set}>
        <label class="sr" for="slow">Slow by, ms, 0 to ${format.count(delayMsMax)}</label>
        <input
          id="slow"
          inputmode="numeric"
          value=${text}
          aria-invalid=${failed === null ? undefined : 'true'}
          aria-describedby="slow-problem"
          onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setText(currentTarget.value)}
        />
        <button type="submit" disabled=${busy !== null || !isLive}>Set</button>
      </form>
    </td>
  </tr>`;
};

const wordOf = (state: NonNullable<Cassandra['state']>): string =>
  state === 'died' ? 'ended by itself' : state;

const sentenceOf = ({ address, state, sinceMs, wasAwayMs, problem, cannot }: Cassandra): string => {
  if (cannot !== null) return `${address}. ${cannot}`;
  const since = `${address}, since ${format.time(sinceMs)}.`;
  if (problem !== null) return `${since} ${problem}`;
  if (state === 'starting') return `${since} It takes about 10 s.`;
  if (state === 'stopped') return `${since} The functions answer 503, and Pub/Sub keeps the messages.`;
  return state === 'running' && wasAwayMs !== null
    ? `${since} It was away for ${format.age(wasAwayMs)}.`
    : since;
};

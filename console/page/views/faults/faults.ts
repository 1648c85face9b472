import type { FaultsState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Problem } from '../../parts/problem.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useTick } from '../../parts/useTick.ts';
import type { ViewProps } from '../../view.ts';
import { CassandraFaults } from './cassandraFaults.ts';
import { DoneList } from './doneList.ts';
import { PubSubFaults } from './pubSubFaults.ts';
import { StillSum } from './stillSum.ts';
import { WaitingChart } from './waitingChart.ts';

const ASK_EVERY_MS = 1_000;

export const Faults = ({ live, actions }: ViewProps) => {
  const fetched = useFetched<FaultsState>('/api/faults', useTick(ASK_EVERY_MS));
  const { value: state, problem, again } = fetched;
  const isLive = live.state === 'live';
  const onDone = (sentence: string): void => {
    again();
    actions.announce(sentence);
  };
  return html`
    <div class="view">
      <div class="head">
        <h1>Faults</h1>
        <span class="quiet small"
          >Break it on purpose. Local only: this view does not exist for another environment.</span
        >
      </div>
      ${problem !== null && isLive ? html`<${Problem} title="The faults cannot be read" fetched=${fetched} />` : null}
      ${
        state === null
          ? html`<p class="quiet">…</p>`
          : html`<div class="sided flt">
              <div>
                <${CassandraFaults} cassandra=${state.cassandra} isLive=${isLive} onDone=${onDone} />
                <${PubSubFaults} state=${state} isLive=${isLive} onDone=${onDone} />
                <${WaitingChart} state=${state} />
              </div>
              <div class="side">
                <${StillSum} live=${live} />
                <${DoneList} done=${state.done} />
              </div>
            </div>`
      }
    </div>
  `;
};

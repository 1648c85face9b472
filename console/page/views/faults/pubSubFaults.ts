import { useState } from 'preact/hooks';
import type { FaultsState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import { format } from '../../parts/format.ts';
import { useAct } from '../../parts/useAct.ts';

interface PubSubFaultsProps {
  readonly state: FaultsState;
  readonly isLive: boolean;
  readonly onDone: (sentence: string) => void;
}

type Fault = NonNullable<FaultsState['pubsub']>['faults'][number];

/** What a switch that was never set begins with: often enough to be seen, rare enough to get through. */
const FIRST_SHARE = '0.1';

/** A switch for each fault of the local Pub/Sub. */
export const PubSubFaults = ({ state, isLive, onDone }: PubSubFaultsProps) => {
  const { pubsub, pubsubCannot, cassandra } = state;
  const { busy, failed, run } = useAct();
  if (pubsub === null)
    return html`<section aria-labelledby="h-ps">
      <h2 id="h-ps">Pub/Sub</h2>
      <p>${pubsubCannot}</p>
    </section>`;
  const isAnyOn = cassandra.delayMs > 0 || pubsub.faults.some(({ share }) => share > 0);
  const turnAllOff = async (): Promise<void> => {
    if ((await run('off', '/api/faults/off', {})) !== undefined) onDone('All faults are off.');
  };
  return html`
    <section aria-labelledby="h-ps">
      <div class="titled">
        <h2 id="h-ps">Pub/Sub</h2>
        <span class="quiet"
          >shares of all chances, 0 to ${pubsub.shareMax}; seed <code>${pubsub.seed}</code>: the same seed
          hits the same messages</span
        >
        <button
          type="button"
          class="off"
          disabled=${!isAnyOn || !isLive || busy !== null}
          onClick=${turnAllOff}
        >
          Turn all off
        </button>
      </div>
      <${ActProblem} problem=${failed?.problem} />
      <table class="faults-t">
        <caption class="sr">
          Pub/Sub faults
        </caption>
        <thead>
          <tr>
            <th scope="col">Fault</th>
            <th scope="col">What happens</th>
            <th scope="col" class="num">Share</th>
            <th scope="col">State</th>
            <th scope="col" class="num held">Hit</th>
          </tr>
        </thead>
        <tbody>
          ${pubsub.faults.map(
            (fault) => html`<${FaultRow} key=${fault.name} ...${{ fault, isLive, onDone }} />`,
          )}
        </tbody>
      </table>
    </section>
  `;
};

interface FaultRowProps extends Pick<PubSubFaultsProps, 'isLive' | 'onDone'> {
  readonly fault: Fault;
}

const FaultRow = ({ fault: { name, what, share, hits }, isLive, onDone }: FaultRowProps) => {
  const isOn = share > 0;
  const [text, setText] = useState(isOn ? String(share) : FIRST_SHARE);
  const { busy, failed, run } = useAct();
  const set = async (wanted: number): Promise<void> => {
    if ((await run(name, '/api/faults/pubsub', { name, share: wanted })) !== undefined)
      onDone(
        wanted > 0 ? `The fault ${name} is on, with a share of ${wanted}.` : `The fault ${name} is off.`,
      );
  };
  return html`<tr>
    <th scope="row"><code>${name}</code></th>
    <td class="what">
      ${what}<span id="${name}-problem"><${ActProblem} problem=${failed?.problem} /></span>
    </td>
    <td class="num">
      <label class="sr" for="share-${name}">Share of ${name}</label>
      <input
        id="share-${name}"
        inputmode="decimal"
        value=${text}
        aria-invalid=${failed === null ? undefined : 'true'}
        aria-describedby="${name}-problem"
        onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setText(currentTarget.value)}
        onChange=${() => (isOn ? set(decimalOf(text)) : undefined)}
      />
    </td>
    <td>
      <button
        type="button"
        class="sw"
        role="switch"
        aria-checked=${String(isOn)}
        aria-label=${name}
        disabled=${busy !== null || !isLive}
        onClick=${() => set(isOn ? 0 : decimalOf(text))}
      >
        <i></i><span>${isOn ? 'on' : 'off'}</span>
      </button>
    </td>
    <td class="num held">${format.count(hits)}</td>
  </tr>`;
};

import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { isNothing } from '../../parts/isNothing.ts';
import { sumsFrom, sumsTime } from '../../parts/sumsTime.ts';
import type { ViewProps } from '../../view.ts';
import { Charts } from './charts.ts';
import type { MapFigures } from './flow/draw.ts';
import { FlowMap } from './flow/flowMap.ts';
import { FlowTable } from './flow/flowTable.ts';
import { NeedsPerson } from './needsPerson.ts';
import { Reconciliation } from './reconciliation.ts';
import { Tiles } from './tiles.ts';
import { useHistory } from './useHistory.ts';

export const Overview = ({ place, live, actions }: ViewProps) => {
  const { frame, sums, isPaused } = live;
  const history = useHistory(live.state === 'live');
  const isEmpty =
    frame?.figures.published.total === 0 && sums?.passAtMs !== null && isNothing(sums?.sums ?? []);
  const from = sumsFrom(live);
  const { cluster, isLocal, isPulled } = place;
  const figures: MapFigures = { frame, sums, from, cluster, isLocal, isPulled };
  return html`<div class="view" id="v-overview">
    <div class="head">
      <h1>Overview</h1>
      <span class="quiet small">${sourceOf(live, place)}</span>
      <span class="act"
        ><button type="button" class="hide-m" aria-pressed=${String(isPaused)} onClick=${actions.togglePause}>
          ${isPaused ? 'Go on' : 'Pause'} <kbd aria-hidden="true">Space</kbd></button
        >${place.isLocal ? html`<a class="btn hide-m" href="#send">Send messages</a>` : null}</span
      >
    </div>
    ${isEmpty ? html`<${Empty} place=${place} />` : null}
    <${Tiles} live=${live} startedAtMs=${place.startedAtMs} />
    <div class="sided over">
      <div>
        <section aria-labelledby="h-flow">
          <div class="titled">
            <h2 id="h-flow">Flow</h2>
            <span class="quiet"
              >messages a second,
              from${' '}<code>shared/topology.ts</code>${place.isPulled ? ', pulled by one worker' : ''}</span
            >
          </div>
          <div class="flow live"><${FlowMap} view=${{ place, live }} figures=${figures} /></div>
          <${FlowTable} topology=${place.topology} figures=${figures} />
        </section>
        ${isEmpty ? null : html`<${Charts} history=${history} />`}
      </div>
      <div class="side">
        <${Reconciliation}
          ...${sumsTime(live)}
          sums=${sums}
          sumsProblem=${live.sumsProblem}
          place=${place}
          actions=${actions}
        />
        ${sums === null || sums.passAtMs === null ? null : html`<${NeedsPerson} sums=${sums} from=${from} />`}
        <div class="sec-cmd">
          <h3>The same in a terminal</h3>
          <${Command} text="npx tally audit" />
        </div>
      </div>
    </div>
  </div>`;
};

/** Where the rates come from, and how old they are. */
const sourceOf = ({ frame }: ViewProps['live'], { startedAtMs, isLocal }: ViewProps['place']): string => {
  if (frame === null) return '';
  const { name, ageMs } = frame.source;
  if (!isLocal) return `Rates from ${name}${ageMs === null ? '' : `, up to ${format.age(ageMs)} old`}.`;
  return `Since ${format.time(startedAtMs)}, ${format.age(frame.atMs - startedAtMs)}. Rates are means of the last 10 s.`;
};

const Empty = ({ place }: { readonly place: ViewProps['place'] }) => html`
  <${Blank} title="Nothing has been published yet">
    <p>
      The input topics have been empty since ${format.time(place.startedAtMs)}. Every part is running and
      waits for messages.
    </p>
    ${
      place.isLocal
        ? html`<p>
              <a href="#send">Send an order or a payment</a>, or start a thousand orders from a terminal:
            </p>
            <${Command}
              text=${`npx tally simulate --request '{"preset":"shop","orders":1000,"early":0.3}'`}
            />`
        : null
    }
  <//>
`;

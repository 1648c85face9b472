import type { Place } from '../../contract.ts';
import { html } from '../html.ts';
import { violationsText } from '../parts/judged.ts';
import { format } from '../parts/format.ts';
import { Mark } from '../parts/mark.ts';
import type { Live } from '../view.ts';

/** What the page is connected to, how fast, and what its acts would touch. Always in sight. */
export const StatusLine = ({ place, live }: { readonly place: Place; readonly live: Live }) => html`
  <footer class="status" aria-label="Connection and target">
    ${connectionOf(live)}
    <span class="hide-n">${paceOf(live)}</span>
    <span class="cut"
      >project <b>${place.project}</b> · keyspace <b>${place.keyspace}</b> · Cassandra ${place.cluster} ·
      Pub/Sub ${place.pubsub}</span
    >
    <span class="end">${auditOf(live)}</span>
  </footer>
`;

const connectionOf = ({ state, lostAtMs, sums }: Live) => {
  if (state === 'connecting') return html`<${Mark} shape="wait">Connecting<//>`;
  if (state === 'lost') return html`<${Mark} shape="retry">Not live since ${format.time(lostAtMs)}<//>`;
  const isCounting = sums !== null && sums.progress !== null && sums.problem === null;
  return html`<${Mark} shape=${isCounting ? 'wait' : 'ok'}>${isCounting ? 'Live, counting' : 'Live'}<//>`;
};

const paceOf = ({ state, frame, drawnPerSecond, isPaused }: Live): string => {
  if (state !== 'live' || frame === null) return 'nothing drawn';
  const { perSecond } = frame.figures.published;
  const { name, ageMs } = frame.source;
  if (ageMs !== null && ageMs > 60_000) return `${name}, up to ${format.age(ageMs)} old`;
  const drawn = isPaused ? 'rows paused' : `drawn ${drawnPerSecond} times a second`;
  return perSecond === null ? drawn : `${format.perSecond(perSecond)} messages/s in, ${drawn}`;
};

const auditOf = ({ sums }: Live): string => {
  if (sums === null || sums.passAtMs === null)
    return `Audit: ${(sums?.problem ?? null) === null ? 'no full pass yet' : 'not known'}`;
  const { violations, passAtMs } = sums;
  return `Audit: ${violationsText(sums)} ${violations === 1 ? 'violation' : 'violations'}, ${format.time(passAtMs)}`;
};

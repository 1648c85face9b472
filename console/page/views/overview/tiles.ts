import type { ComponentChildren } from 'preact';
import type { Sums } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.ts';
import type { Live } from '../../view.ts';

interface TilesProps {
  readonly live: Live;
  readonly startedAtMs: number;
}

/** The figures of the whole, with the names of Cloud Monitoring. Each leads to the list behind it. */
export const Tiles = ({ live: { frame, sums }, startedAtMs }: TilesProps) => {
  const figures = frame?.figures;
  const nowMs = frame?.atMs ?? 0;
  const isCounted = sums !== null && sums.passAtMs !== null;
  const counted = (value: ComponentChildren) => (isCounted ? value : html`<span class="ph">…</span>`);
  const shown = sums?.sums
    .find(({ name }) => name === 'payments')
    ?.terms.find(({ name }) => name.startsWith('shown'));
  const took = figures?.endToEnd;
  return html`<dl class="tiles live" aria-label="Figures">
    ${tile('Published', hrefTo('stream'), rate(figures?.published.perSecond), totalOf(figures?.published.total))}
    ${tile('Acked', hrefTo('stream'), rate(figures?.acked.perSecond), totalOf(figures?.acked.total))}
    ${tile(
      'Matched',
      hrefTo('stream', [], { outcomes: 'matched' }),
      rate(figures?.matched.perSecond),
      isCounted ? `${format.count(shown?.count)} rows so far` : 'counting',
    )}
    ${tile(
      'Waiting',
      hrefTo('stream', [], { outcomes: 'unmatched' }),
      counted(format.count(sums?.waiting.count)),
      isCounted ? waitingOf(sums, nowMs) : 'counting',
    )}
    ${tile('Findings', hrefTo('dead-letters'), counted(findingsOf(sums)), isCounted ? `open, ${format.count(sums.findings.resolved)} resolved` : 'counting')}
    ${tile('Dead letters', hrefTo('dead-letters'), counted(format.count(sums?.deadLetters.open)), isCounted ? openOf(sums) : 'counting')}
    ${tile(
      'Retries',
      hrefTo('stream', [], { outcomes: 'retry' }),
      (figures?.retries.perSecond ?? 0) > 0
        ? html`<span class="attn"><${Icon} shape="retry" />${rate(figures?.retries.perSecond)}</span>`
        : rate(figures?.retries.perSecond),
      figures === undefined
        ? ''
        : `${format.count(figures.retries.total)} in ${format.age(nowMs - startedAtMs)}`,
    )}
    ${tile(
      'End to end, p50 p95 p99',
      hrefTo('stream'),
      took === undefined || took === null
        ? '–'
        : html`${[took.p50, took.p95, took.p99].map((ms) => timeIn(took.p99, ms)).join(' · ')}<span class="u"
              >${took.p99 < SECONDS_FROM_MS ? 'ms' : 's'}</span
            >`,
      took === null || took === undefined ? 'nothing acked for 10 s' : 'published until acked',
    )}
  </dl>`;
};

const rate = (value: number | null | undefined) => html`${format.perSecond(value)}<span class="u">/s</span>`;

const tile = (name: string, href: string, figure: ComponentChildren, sub: ComponentChildren) =>
  html`<div>
    <dt>${name}</dt>
    <dd><a href=${href}>${figure}</a></dd>
    <dd class="sub">${sub}</dd>
  </div>`;

/** All three in the unit of the longest. */
const timeIn = (longest: number, ms: number): string =>
  longest < SECONDS_FROM_MS ? String(Math.round(ms)) : (ms / 1_000).toFixed(1);

/** From here on the three figures stand there in seconds, so that they fit. */
const SECONDS_FROM_MS = 1_000;

const totalOf = (total: number | null | undefined): string =>
  total === undefined || total === null ? 'not known here' : `${format.count(total)} in all`;

const waitingOf = ({ waiting: { count, oldestMs } }: Sums, nowMs: number): string =>
  count === 0 || oldestMs === null ? 'for their order' : `oldest ${format.age(nowMs - oldestMs)}`;

const findingsOf = (sums: Sums | null) => {
  const open = sums?.findings.open ?? 0;
  return open === 0 ? '0' : html`<span class="attn"><${Icon} shape="attn" />${format.count(open)}</span>`;
};

/** What needs a person is said before what waits, which has a tile of its own. */
const openOf = ({ needsPerson, waiting }: Sums) => {
  const invalid = needsPerson.find(({ reason }) => reason === 'invalid')?.open ?? 0;
  return invalid === 0
    ? `open, ${format.count(waiting.count)} wait`
    : html`open, <span class="attn"><${Icon} shape="attn" />${format.count(invalid)} invalid</span>`;
};

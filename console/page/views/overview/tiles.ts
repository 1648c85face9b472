import type { ComponentChildren } from 'preact';
import type { Figures, Sums } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.ts';
import { sumsFrom } from '../../parts/sumsTime.ts';
import type { Live } from '../../view.ts';

interface TilesProps {
  readonly live: Live;
  readonly startedAtMs: number;
}

/** The figures of the whole, with the names of Cloud Monitoring. Each leads to the list behind it. */
export const Tiles = ({ live, startedAtMs }: TilesProps) => {
  const { frame, sums, sumsProblem } = live;
  const figures = frame?.figures;
  const counted = sums === null || sums.passAtMs === null ? null : sums;
  const pending: Said =
    (sumsProblem ?? sums?.problem ?? null) === null
      ? [html`<span class="ph">…</span>`, 'counting']
      : ['–', 'not known now'];
  const from = sumsFrom(live);
  const ofTables = (name: string, href: string, say: (sums: Sums) => Said) => {
    if (counted === null) return tile(name, href, pending);
    const [figure, sub] = say(counted);
    return tile(name, href, [figure, sub, from]);
  };
  return html`<dl class="tiles live" aria-label="Figures">
    ${tile('Published', hrefTo('stream'), [
      rate(figures?.published.perSecond),
      totalOf(figures?.published.total),
    ])}
    ${tile('Acked', hrefTo('stream'), [rate(figures?.acked.perSecond), totalOf(figures?.acked.total)])}
    ${tile('Matched', hrefTo('stream', [], { outcomes: 'matched' }), [
      rate(figures?.matched.perSecond),
      counted === null ? pending[1] : shownOf(counted, from),
    ])}
    ${ofTables('Waiting', hrefTo('stream', [], { outcomes: 'parked' }), (known) => [
      format.count(known.waiting.count),
      waitingOf(known),
    ])}
    ${ofTables('Findings', hrefTo('dead-letters'), ({ findings: { open, resolved } }) => [
      findingsOf(open),
      `open, ${format.count(resolved)} resolved`,
    ])}
    ${ofTables('Dead letters', hrefTo('dead-letters'), (known) => [
      format.count(known.deadLetters.open),
      openOf(known),
    ])}
    ${tile('Retries', hrefTo('stream', [], { outcomes: 'retry' }), [
      (figures?.retries.perSecond ?? 0) > 0
        ? html`<span class="attn"><${Icon} shape="retry" />${rate(figures?.retries.perSecond)}</span>`
        : rate(figures?.retries.perSecond),
      retriesOf(frame, startedAtMs),
    ])}
    ${tile('End to end, p50 p95 p99', hrefTo('stream'), tookOf(figures))}
  </dl>`;
};

/** A figure, what is said below it, and the time that they are from, if that is not now. */
type Said = readonly [figure: ComponentChildren, sub: ComponentChildren, from?: string | undefined];

const rate = (value: number | null | undefined) => html`${format.perSecond(value)}<span class="u">/s</span>`;

const tile = (name: string, href: string, [figure, sub, from]: Said) =>
  html`<div>
    <dt>${name}</dt>
    <dd><a href=${href}>${figure}</a></dd>
    <dd class="sub">${sub}</dd>
    ${from === undefined ? null : html`<dd class="sub">${from}</dd>`}
  </div>`;

const retriesOf = (frame: Live['frame'], startedAtMs: number): string => {
  if (frame === null) return '';
  const { total } = frame.figures.retries;
  return total === null
    ? totalOf(total)
    : `${format.count(total)} in ${format.age(frame.atMs - startedAtMs)}`;
};

const tookOf = (figures: Figures | undefined): Said => {
  const took = figures?.endToEnd ?? null;
  if (took === null)
    return ['–', figures?.acked.total === null ? 'not known here' : 'nothing acked for 10 s'];
  const unit = took.p99 < SECONDS_FROM_MS ? 'ms' : 's';
  const times = [took.p50, took.p95, took.p99].map((ms) => timeIn(took.p99, ms)).join(' · ');
  return [html`${times}<span class="u">${unit}</span>`, 'published until acked'];
};

/** All three in the unit of the longest. */
const timeIn = (longest: number, ms: number): string =>
  longest < SECONDS_FROM_MS ? String(Math.round(ms)) : (ms / 1_000).toFixed(1);

/** From here on the three figures stand there in seconds, so that they fit. */
const SECONDS_FROM_MS = 1_000;

const totalOf = (total: number | null | undefined): string =>
  total === undefined || total === null ? 'not known here' : `${format.count(total)} in all`;

const shownOf = ({ sums }: Sums, from: string | undefined): string => {
  const shown = sums
    .find(({ name }) => name === 'payments')
    ?.terms.find(({ name }) => name.startsWith('shown'));
  return shown === undefined ? 'not known here' : `${format.count(shown.count)} rows ${from ?? 'so far'}`;
};

/** The age is that of the moment of the count. */
const waitingOf = ({ waiting: { count, oldestMs }, countedAtMs }: Sums): string =>
  count === 0 || oldestMs === null ? 'for their order' : `oldest ${format.age(countedAtMs - oldestMs)}`;

const findingsOf = (open: number) =>
  open === 0 ? '0' : html`<span class="attn"><${Icon} shape="attn" />${format.count(open)}</span>`;

/** What needs a person is said before what waits, which has a tile of its own. */
const openOf = ({ needsPerson, waiting }: Sums) => {
  const invalid = needsPerson.find(({ reason }) => reason === 'invalid')?.open ?? 0;
  return invalid === 0
    ? `open, ${format.count(waiting.count)} wait`
    : html`open, <span class="attn"><${Icon} shape="attn" />${format.count(invalid)} invalid</span>`;
};

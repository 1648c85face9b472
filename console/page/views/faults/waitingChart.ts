import type { FaultsState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Chart } from '../../parts/chart.ts';
import { format } from '../../parts/format.ts';

const SPAN_MS = 5 * 60_000;

/** How many messages of both input subscriptions are not acked, with a band for each outage. */
export const WaitingChart = ({ state: { waiting, outages } }: { readonly state: FaultsState }) => html`
  <section>
    <${Chart}
      title="Messages that wait, both input subscriptions"
      times=${waiting.map(({ atMs }) => atMs)}
      series=${[{ name: 'waiting', values: waiting.map(({ count }) => count) }]}
      outages=${outages.map(({ text, fromMs, toMs }) => ({
        fromMs,
        toMs,
        text: toMs === null ? text : `${text}, ${format.age(toMs - fromMs)}`,
      }))}
      spanMs=${SPAN_MS}
      sentence=${sentenceOf(waiting, outages)}
    />
  </section>
`;

const sentenceOf = (waiting: FaultsState['waiting'], outages: FaultsState['outages']): string => {
  const counts = waiting.map(({ count }) => count).filter((count) => count !== null);
  const now = waiting.at(-1)?.count ?? null;
  if (counts.length === 0 || now === null) return 'How many wait cannot be known here.';
  const away = outages.length === 0 ? '' : ` Outages in the last five minutes: ${outages.length}.`;
  return `Now ${format.count(now)} wait, in the last five minutes at most ${format.count(Math.max(...counts))}.${away}`;
};

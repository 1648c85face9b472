import type { History } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Chart } from '../../parts/chart.ts';
import { format } from '../../parts/format.ts';
import { memo } from '../../parts/memo.ts';
import { HISTORY_MS } from './useHistory.ts';

/** Published and acked, and end to end: five minutes, a point each 2 s. */
export const Charts = memo(({ history }: { readonly history: History }) => {
  const { points, outages } = history;
  const of = (name: 'published' | 'acked' | 'p50' | 'p95' | 'p99') => ({
    name,
    values: points.map((point) => point[name]),
  });
  const times = points.map(({ atMs }) => atMs);
  const last = points.at(-1);
  const away = outages.map(({ text }) => ` ${text}.`).join('');
  return html`<div class="charts live">
    <${Chart}
      title="Published and acked, messages a second"
      times=${times}
      series=${[of('acked'), of('published')]}
      outages=${outages}
      spanMs=${HISTORY_MS}
      sentence=${`Now ${format.perSecond(last?.published)} published and ${format.perSecond(last?.acked)} acked a second.${away}`}
    />
    <${Chart}
      title="End to end, milliseconds"
      times=${times}
      series=${[of('p50'), of('p95'), of('p99')]}
      outages=${outages}
      spanMs=${HISTORY_MS}
      sentence=${`From publish to ack: half within ${format.duration(last?.p50)}, 95% within ${format.duration(last?.p95)}, 99% within ${format.duration(last?.p99)}.${away}`}
    />
  </div>`;
});

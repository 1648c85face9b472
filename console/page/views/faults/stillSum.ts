import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Judged, violationsText } from '../../parts/judged.ts';
import { SumTable } from '../../parts/sumTable.ts';
import { sumsTime } from '../../parts/sumsTime.ts';
import type { Live } from '../../view.ts';

/** The messages still add up while something is broken: that is the point of the view. */
export const StillSum = ({ live }: { readonly live: Live }) => {
  const { sums } = live;
  const [messages] = sums?.sums ?? [];
  const { from, at } = sumsTime(live);
  return html`
    <section aria-labelledby="h-still">
      <div class="titled">
        <h2 id="h-still">And still</h2>
        <span class="quiet">${sums === null ? '' : `counted at ${format.time(sums.countedAtMs)}`}</span>
      </div>
      ${
        sums === null || messages === undefined
          ? html`<p class="quiet">The tables have not been counted yet.</p>`
          : html`<${SumTable} sum=${messages} from=${from} at=${at} /> ${
                from === undefined
                  ? html`<div class="verdict">
                      <${Judged} name="lost" count=${sums.lost} /><${Judged}
                        name="violations"
                        count=${sums.violations}
                        text=${violationsText(sums)}
                      />
                    </div>`
                  : html`<p class="quiet small verdict">
                      ${sums.problem === null ? '' : 'Tables: no answer. '}The sum is ${from}.
                    </p>`
              }`
      }
    </section>
  `;
};

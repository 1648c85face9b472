import type { Sums } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.ts';
import { memo } from '../../parts/memo.ts';

interface NeedsPersonProps {
  readonly sums: Sums;
  /** As `sumsFrom` says it. */
  readonly from: string | undefined;
}

/** What a person has to look at, by reason, with the oldest. */
export const NeedsPerson = memo(
  ({ sums: { needsPerson, countedAtMs }, from }: NeedsPersonProps) => html`
    <section class="todo" aria-labelledby="h-todo">
      <div class="titled">
        <h2 id="h-todo">Needs a person</h2>
        <span class="quiet">${from}</span>
      </div>
      ${
        needsPerson.length === 0
          ? html`<p class="quiet">
              ${from === undefined ? 'Nothing needs a person.' : 'Nothing needed a person then.'}
            </p>`
          : html`<ul>
              ${needsPerson.map(
                ({ reason, open, what, oldestMs }) =>
                  html`<li key=${reason}>
                    <${Icon} shape="attn" /><a href=${hrefTo('dead-letters', [], { reason })}>${reason}</a>
                    <span class="c num">${format.count(open)}</span><span class="t">${what}</span>
                    <span class="more quiet" title=${format.time(oldestMs)}
                      >${oldestMs === null ? '' : format.age(countedAtMs - oldestMs)}</span
                    >
                  </li>`,
              )}
            </ul>`
      }
    </section>
  `,
);

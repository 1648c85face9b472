import type { OrderDetail, StoryItem } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Section } from './section.ts';

/** So many entries of the ledger are shown, those around this one. */
const ENTRIES_SHOWN = 10;

interface LedgerPartProps {
  readonly order: OrderDetail;
  readonly eventId: string;
}

/** The entries of the order with this one marked, and the row with what this one changed. */
export const LedgerPart = ({ order, eventId }: LedgerPartProps) => {
  const entries = order.story.filter(({ kind }) => kind !== 'deadLetter' && kind !== 'again');
  const at = entries.findIndex((entry) => entry.eventId === eventId);
  const first = Math.max(0, Math.min(at - ENTRIES_SHOWN / 2, entries.length - ENTRIES_SHOWN));
  const shown = entries.slice(first, first + ENTRIES_SHOWN);
  const left = entries.length + order.leftOut - shown.length;
  return html`
    <${Section} title=${`In the ledger, order ${order.orderId}`}>
      ${
        shown.length === 0
          ? html`<p class="quiet">No entry yet.</p>`
          : html`<table>
              <caption class="sr">
                Ledger entries of order ${order.orderId}
              </caption>
              <thead>
                <tr>
                  <th scope="col">Published</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Says</th>
                  <th scope="col" class="num hide-m">Event</th>
                </tr>
              </thead>
              <tbody>
                ${shown.map((entry) => entryRow(entry, entry.eventId === eventId))}
              </tbody>
            </table>`
      }
      ${left > 0 ? html`<p class="small quiet">${left} more are on the <a href=${hrefTo('order', [order.orderId])}>page of the order</a>.</p>` : null}
      ${at === -1 && shown.length > 0 ? html`<p class="small quiet">This message is not in the ledger.</p>` : null}
    <//>
    ${at === -1 ? null : html`<${RowAfter} item=${entries[at]} order=${order} />`}
  `;
};

const entryRow = ({ key, atMs, title, says, eventId }: StoryItem, isThis: boolean) => html`
  <tr key=${key} class=${isThis ? 'sel' : ''}>
    <td><code>${format.exactTime(atMs)}</code></td>
    <td>${title}</td>
    <td>${says}${isThis ? html` <span class="quiet">this one</span>` : null}</td>
    <td class="num hide-m"><code>${eventId === null ? '' : eventId.slice(0, 8)}</code></td>
  </tr>
`;

/** What the event changed. The row as it is now is on the page of the order. */
const RowAfter = ({ item, order }: { readonly item: StoryItem | undefined; readonly order: OrderDetail }) => {
  if (item === undefined) return null;
  const { changed, columns } = item;
  return html`<${Section} title="The row after it">
    <p class="small">${changed}</p>
    ${
      columns.length === 0
        ? null
        : html`<dl class="kv">
            ${columns.map(
              ({ name, was, is }) => html`
                <dt key=${name}>${name}</dt>
                <dd>
                  <b>${is ?? 'unset'}</b>${was === null ? null : html` <span class="quiet">was ${was}</span>`}
                </dd>
              `,
            )}
          </dl>`
    }
    ${
      order.problems.length === 0
        ? null
        : html`<p class="small attn">Broken or in progress: ${order.problems.join('; ')}.</p>`
    }
  <//>`;
};

import type { OrderDetail, RowColumn, RowPart } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';

/** The row's columns, grouped by the event that wrote them, with the old value beside the new. */
export const RowTable = ({ order }: { readonly order: OrderDetail }) => {
  const { row, erased, state } = order;
  if (row === null) {
    return html`<p>
      ${state === 'waiting' ? 'There is no row: the order has not come, and its payments wait.' : 'There is no row.'}
    </p>`;
  }
  return html`<dl class="kv">
    ${partOf('order columns', row.order, 'version of', erased)}
    ${partOf('payment columns', row.payment, 'published', erased)}
    <dt class="sep">write times</dt>
    <dd class="sep">in µs; nobody else may write these</dd>
    <dt>order columns</dt>
    <dd><code>${row.order.writeTime ?? '–'}</code></dd>
    <dt>payment columns</dt>
    <dd>
      <code>${row.payment.writeTime ?? '–'}</code>
      ${
        row.entriesSeen === null
          ? null
          : html` <span class="quiet"
              >${format.count(row.entriesSeen)} ${row.entriesSeen === 1 ? 'entry' : 'entries'} seen</span
            >`
      }
    </dd>
  </dl>`;
};

const partOf = (name: string, part: RowPart, word: string, erased: OrderDetail['erased']) => html`
  <dt class="sep">${name}</dt>
  <dd class="sep">
    ${
      part.from === null
        ? 'from no event'
        : html`${`${word} ${format.exactTime(part.from.publishedAtMs)}, `}<code
              >${part.from.eventId.slice(0, 8)}</code
            >`
    }
  </dd>
  ${part.columns.map(
    (column) => html`
      <dt key=${column.name}>${column.name}</dt>
      <dd>${valueOf(column, erased)}</dd>
    `,
  )}
`;

const valueOf = ({ value, was, shouldBe, isErased, note }: RowColumn, erased: OrderDetail['erased']) => {
  if (isErased === true && value === null && erased !== null) {
    return html`<span class="quiet">erased ${format.time(erased.atMs)}, by ${erased.by}</span>`;
  }
  return html`${value === null ? html`<span class="quiet">unset</span>` : value}
  ${was === undefined ? null : html` <span class="quiet">was ${was ?? 'unset'}</span>`}
  ${note === undefined ? null : html` <span class="quiet">${note}</span>`}
  ${shouldBe === undefined ? null : html` <span class="bad">the ledger says ${shouldBe ?? 'unset'}</span>`}`;
};

import type { StreamFilter, StreamRow } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { sayAgain } from './messageVerdict.ts';
import type { RowMark } from './nextShown.ts';
import { filterQuery } from './readFilter.ts';
import { Row } from './row.ts';

interface MessageTableProps {
  /** From top to bottom. */
  readonly rows: readonly StreamRow[];
  readonly marks: readonly RowMark[];
  readonly filter: StreamFilter;
  readonly openKey: string | undefined;
  /** By the clock of the last frame. */
  readonly nowMs: number;
}

/** One row a message, keyed by its event, so that a row that stays is never made anew. */
export const MessageTable = ({ rows, marks, filter, openKey, nowMs }: MessageTableProps) => {
  const search = searchOf(filter);
  const marksAbove = Map.groupBy(marks, ({ above }) => above);
  return html`<table class="rows stick">
    <caption class="sr">
      Messages, newest first
    </caption>
    <thead>
      <tr>
        <th scope="col">Published</th>
        <th scope="col" class="hide-m">Topic</th>
        <th scope="col">Order</th>
        <th scope="col" class="hide-m">Payment</th>
        <th scope="col">Outcome</th>
        <th scope="col">Attempts</th>
        <th scope="col" class="num">Took</th>
        <th scope="col" class="hide-m">Note</th>
      </tr>
    </thead>
    <tbody>
      ${rows.flatMap((row) => [
        ...(marksAbove.get(row.key) ?? []).map(markRow),
        html`<${Row}
          key=${row.key}
          row=${row}
          search=${search}
          isOpen=${row.key === openKey}
          again=${row.againAtMs === null ? '' : sayAgain(row.againAtMs, nowMs)}
        />`,
      ])}
    </tbody>
  </table>`;
};

/** What stands behind the key of each row in its link. */
const searchOf = (filter: StreamFilter): string =>
  hrefTo('stream', [], filterQuery(filter)).replace('#stream', '');

const markRow = ({ atMs, text }: RowMark) => html`
  <tr key=${`mark-${atMs}`} class="mark-r">
    <td><code class="quiet">${format.exactTime(atMs)}</code></td>
    <td colspan="7" class="quiet">${text}</td>
  </tr>
`;

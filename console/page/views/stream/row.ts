import type { StreamRow } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.ts';
import { memo } from '../../parts/memo.ts';
import { outcomeLook } from '../../parts/outcomeMark.ts';
import { Strokes } from '../../parts/strokes.ts';

interface RowProps {
  readonly row: StreamRow;
  /** The filter as the query of an address, with its `?`; empty without one. */
  readonly search: string;
  readonly isOpen: boolean;
  /** When it comes again, such as `again in 1.4 s`; empty for most. */
  readonly again: string;
}

/** One message. */
export const Row = memo(({ row, search, isOpen, again }: RowProps) => {
  const notes = [row.note, again].filter((note) => note !== '').join('; ');
  const { failed, isAcked } = row.attempts;
  const { shape, word, isQuiet } = outcomeLook(row);
  const time = format.exactTime(row.publishedAtMs);
  // Few elements a row: there are a hundred of them.
  return html`<tr class=${isOpen ? 'pin sel' : ''} aria-current=${isOpen ? 'true' : undefined}>
    <td class=${cutOf(time)}>
      <a class="mono" href=${`#stream/${encodeURIComponent(row.key)}${search}`} data-key=${row.key}
        >${time}</a
      >
    </td>
    <td class="hide-m mono">${row.topic}</td>
    <td class=${idLook(row.orderId)}>${row.orderId ?? '–'}</td>
    <td class="hide-m ${idLook(row.paymentId)}">${row.paymentId ?? '–'}</td>
    <td class="st ${isQuiet ? 'calm' : ''}"><${Icon} shape=${shape} class="" />${word}</td>
    <td>
      ${
        failed === 0 && isAcked
          ? html`<i class="tick" role="img" aria-label="1"></i>`
          : html`<${Strokes} failed=${failed} isAcked=${isAcked} />`
      }
    </td>
    <td class="num">${format.duration(row.tookMs)}</td>
    <td class="fill hide-m">${notes}</td>
  </tr>`;
});

/** Texts of up to so many characters fit into their columns, except the orders of a narrow page. */
const FITS_CHARACTERS = 14;

const cutOf = (text: string): string => (text.length > FITS_CHARACTERS ? 'long' : '');

const idLook = (id: string | null): string => (id === null ? 'quiet' : cutOf(id));

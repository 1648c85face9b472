import type { MessageDetail, ToldLetter } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { unrecorded } from './mayChange.ts';
import { Section } from './section.ts';

interface ToldPartProps {
  /** What the tables have. */
  readonly told: readonly ToldLetter[];
  /** What was seen to be published, and may not be recorded yet. */
  readonly sent: MessageDetail['told'];
}

/** What people were told because of this message, with a link to each dead letter. */
export const ToldPart = ({ told, sent }: ToldPartProps) => {
  const onTheirWay = unrecorded(sent, told);
  if (told.length === 0 && onTheirWay.length === 0) return null;
  return html`<${Section} title="Told">
    <ul>
      ${told.map(
        ({ id, place, reason, error, isOpen, recordedAtMs }) =>
          html`<li key=${`${id}${reason}`}>
            <${Mark} shape=${isOpen ? (reason === 'unmatched' ? 'wait' : 'attn') : 'ok'}
              ><a href=${hrefTo('dead-letters', ['letter'], { letter: place, state: isOpen ? '' : 'any' })}
                >${reason}</a
              ><//
            >
            <span class="small"> ${error}</span>
            <span class="small quiet"
              >${recordedAtMs === null ? '' : `, recorded ${format.exactTime(recordedAtMs)}`}${isOpen ? ', open' : ', not open any more'}</span
            >
          </li>`,
      )}
      ${onTheirWay.map(
        ({ topic, messageId, reasons }) =>
          html`<li key=${messageId}>
            <${Mark} shape="wait">${reasons.join(', ')}<//>
            <span class="small quiet">
              on its way: message <code>${messageId}</code> of <code>${topic}</code></span
            >
          </li>`,
      )}
    </ul>
  <//>`;
};

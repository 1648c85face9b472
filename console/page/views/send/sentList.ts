import type { SendState, SentMessage } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { OutcomeMark } from '../../parts/outcomeMark.ts';

/** The messages that were sent from the form, and what became of each. */
export const SentList = ({ sent }: Pick<SendState, 'sent'>) => html`
  <h3>Sent from the form</h3>
  ${
    sent.length === 0
      ? html`<p class="quiet">Nothing yet.</p>`
      : html`<table class="log-t">
          <caption class="sr">
            Messages sent from the form
          </caption>
          <tbody>
            ${sent.map(
              (message) =>
                html`<tr key=${message.messageId}>
                  <td><code>${format.time(message.atMs)}</code></td>
                  <td>${nameOf(message)}</td>
                  <td class="nowrap">
                    ${
                      message.isForgotten
                        ? html`<${Mark} shape="calm" look="quiet">not listed any more<//>`
                        : html`<${OutcomeMark} outcome=${message.outcome} findings=${message.findings} />`
                    }
                  </td>
                  <td class="num">${message.tookMs === null ? '' : format.duration(message.tookMs)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`
  }
`;

const nameOf = ({ kind, orderId, paymentId, key, messageId }: SentMessage) => {
  const name =
    kind === 'order' ? `order ${orderId ?? 'without an id'}` : `payment ${paymentId ?? 'without an id'}`;
  const row = html`<a href=${hrefTo('stream', [key ?? messageId])}>${name}</a>`;
  if (kind === 'order' || orderId === null) return row;
  return html`${row} for <a href=${hrefTo('order', [orderId])}>order ${orderId}</a>`;
};

import type { MessageDetail } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Section } from './section.ts';

interface PayloadPartProps {
  readonly message: MessageDetail;
  readonly isErased: boolean;
}

/** The bytes of the message as a text, its attributes and its id. Card numbers were masked by the server. */
export const PayloadPart = ({ message, isErased }: PayloadPartProps) => {
  const { payload, attributes, messageId, publishedAtMs } = message;
  return html`
    <${Section} title=${isErased ? 'Payload, erased' : titleOf(payload)}>
      ${
        payload === null || payload.text === null
          ? null
          : html`<pre class="json" tabindex="0" role="region" aria-label="Payload">${pretty(payload)}</pre>`
      }
    <//>
    <${Section} title="Attributes">
      <dl class="kv">
        ${Object.entries(attributes ?? {}).map(
          ([name, value]) => html`
            <dt key=${name}>${name}</dt>
            <dd><code>${value}</code></dd>
          `,
        )}
        <dt>message_id</dt>
        <dd><code>${messageId}</code></dd>
        <dt>publish_time</dt>
        <dd><code>${new Date(publishedAtMs).toISOString()}</code></dd>
      </dl>
      ${attributes === null ? html`<p class="small quiet">Its attributes are not known here.</p>` : null}
    <//>
  `;
};

const titleOf = (payload: MessageDetail['payload']): string => {
  if (payload === null) return 'Payload, not kept any more';
  const size = format.bytes(payload.bytes);
  if (payload.text === null) return `Payload, ${size}, not UTF-8: it cannot be shown as a text`;
  const cut = payload.isCut ? ', the first 64 KiB of it' : '';
  return `Payload, ${size}${cut}, ${payload.isMasked ? 'card numbers were masked' : 'nothing was masked'}`;
};

/** One field a line, where it is whole JSON. Ids have 64 bits, so the text is kept, digit for digit. */
const pretty = ({ text, isCut }: NonNullable<MessageDetail['payload']>): string => {
  const isOneLine = text !== null && !isCut && !text.includes('\n') && text.length < 4_096;
  return isOneLine ? breakFields(text) : (text ?? '');
};

/** Breaks a line behind each comma that is in no string. */
const breakFields = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|,\s*/g, (part) => (part.startsWith(',') ? ',\n ' : part));

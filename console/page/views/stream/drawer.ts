import { useEffect, useRef } from 'preact/hooks';
import type { MessageAnswer, MessageDetail } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Command } from '../../parts/command.ts';
import { OutcomeMark } from '../../parts/outcomeMark.ts';
import { Problem } from '../../parts/problem.ts';
import type { Fetched } from '../../parts/useFetched.ts';
import { Attempts } from './attempts.ts';
import { LedgerPart } from './ledgerPart.ts';
import { messageVerdict } from './messageVerdict.ts';
import { PayloadPart } from './payloadPart.ts';
import { Section } from './section.ts';
import { ToldPart } from './toldPart.ts';

interface DrawerProps {
  readonly messageKey: string;
  readonly fetched: Fetched<MessageAnswer>;
  /** By the clock of the last frame. */
  readonly nowMs: number;
  readonly backHref: string;
  readonly onClose: () => void;
}

/** Everything about one message, beside the list. */
export const Drawer = ({ messageKey, fetched, nowMs, backHref, onClose }: DrawerProps) => {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { value, problem, isSlow } = fetched;
  const message = value?.message ?? null;
  const orderId = message?.orderId ?? value?.order?.orderId ?? null;
  return html`<aside
    class="pane drawer scroll"
    tabindex="0"
    aria-label=${`Message ${messageKey.slice(0, 8)}`}
  >
    <p class="back"><a href=${backHref}>Stream</a></p>
    <header>
      <div>
        <h2 ref=${title} tabindex="-1">${titleOf(message, value, messageKey)}</h2>
        <p class="small quiet ids-l">
          ${message === null ? null : html`<code>${message.topic}</code>, `}event <code>${messageKey}</code>
        </p>
      </div>
      <span class="act"
        >${
          orderId === null
            ? null
            : html`<a class="btn" href=${hrefTo('order', [orderId])}>Order ${orderId}</a>`
        }<button type="button" onClick=${onClose}>Close <kbd aria-hidden="true">Esc</kbd></button></span
      >
    </header>
    ${problem === null ? null : html`<${Section}><${Problem} title="This message cannot be shown" fetched=${fetched} /><//>`}
    ${value === null && problem === null && isSlow ? html`<${Section}>…<//>` : null}
    ${value === null ? null : html`<${Parts} answer=${value} messageKey=${messageKey} nowMs=${nowMs} fetched=${fetched} />`}
  </aside>`;
};

const titleOf = (message: MessageDetail | null, answer: MessageAnswer | null, key: string): string => {
  if (message === null) {
    const item = answer?.order?.story.find(({ eventId }) => eventId === key);
    return item === undefined ? 'Message' : `${capital(item.title)} of order ${answer?.order?.orderId ?? ''}`;
  }
  const { paymentId, orderId, topic } = message;
  if (paymentId !== null) return `Payment ${paymentId}${orderId === null ? '' : ` for order ${orderId}`}`;
  if (orderId !== null) return topic === 'orders_data' ? `Order ${orderId}` : `Payment for order ${orderId}`;
  return `Message of ${topic}`;
};

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

interface PartsProps extends Pick<DrawerProps, 'messageKey' | 'nowMs' | 'fetched'> {
  readonly answer: MessageAnswer;
}

const Parts = ({ answer, messageKey, nowMs, fetched }: PartsProps) => {
  const { message, order, told, isErased, problem } = answer;
  return html`
    ${
      message === null
        ? html`<${Section}
            ><p class="quiet">
              It came too long ago for this page: how it came is not known. This is what the ledger has.
            </p><//
          >`
        : html`
            <${Section}>
              <p>
                <b><${OutcomeMark} outcome=${message.outcome} /></b> ${messageVerdict(message, nowMs)}
              </p>
            <//>
            <${Section} title="Attempts"><${Attempts} message=${message} nowMs=${nowMs} /><//>
          `
    }
    ${
      problem === null
        ? null
        : html`<${Section} title="In the ledger"
            ><${Problem} title="The tables gave no answer" fetched=${{ ...fetched, problem, failures: 1 }}
          /><//>`
    }
    ${order === null ? null : html`<${LedgerPart} order=${order} eventId=${message?.eventId ?? messageKey} />`}
    ${message === null ? null : html`<${PayloadPart} message=${message} isErased=${isErased} />`}
    <${ToldPart} told=${told} sent=${message?.told ?? []} />
    <${Section} title="The same in a terminal"><${Command} text=${commandOf(answer, messageKey)} /><//>
  `;
};

/** An order has all about it; a message that names none has only its dead letter. */
const commandOf = ({ message, order, told }: MessageAnswer, key: string): string => {
  const orderId = message?.orderId ?? order?.orderId;
  if (orderId !== undefined && orderId !== null) return `npx tally order ${orderId}`;
  return `npx tally dlq show ${told[0]?.id ?? message?.eventId ?? key}`;
};

import type { Letter } from '../../../deadLetterContract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { LetterActions } from './letterActions.ts';
import { FINDINGS, REASONS } from './reasons.ts';

interface LetterPanelProps {
  readonly letter: Letter;
  readonly route: DeadLetterRoute;
}

/** One letter: why it is here, what was sent, what was done, and its order as it is now. */
export const LetterPanel = ({ letter, route }: LetterPanelProps) => {
  const { row } = letter;
  return html`
    <div class="sec">
      <h3>Why it is here</h3>
      <p>
        <${Mark} shape=${row.isOpen ? (REASONS[row.reason]?.shape ?? 'attn') : 'ok'}><b>${row.reason}</b><//
        >${`, ${row.isOpen ? 'open' : 'not open any more'}, ${format.age(Date.now() - row.publishedAtMs)} old`}
      </p>
      <p class="wrap">${row.error}</p>
    </div>
    <${Attributes} letter=${letter} />
    <${Payload} letter=${letter} />
    <div class="sec">
      <div class="acts">
        ${
          FINDINGS.includes(row.reason)
            ? html`<a class="btn" href=${hrefOf({ ...route, at: 'resolve' })}>Resolve…</a>`
            : html`<a class="btn" href=${hrefOf({ ...route, at: 'edit' })}
                >Edit… <kbd aria-hidden="true">e</kbd></a
              >`
        }
        <a class="btn" href=${hrefOf({ ...route, at: 'dry-run' })}>Dry run <kbd aria-hidden="true">r</kbd></a>
        <a class="btn" href=${hrefOf({ ...route, at: 'discard' })}
          >Discard… <kbd aria-hidden="true">d</kbd></a
        >
      </div>
      ${letter.unsendable === null ? null : html`<p class="small quiet">It cannot be redriven: ${letter.unsendable}.</p>`}
    </div>
    <${OrderNow} letter=${letter} />
    <${LetterActions} ...${letter} />
    <div class="sec">
      <h3>The same in a terminal</h3>
      <${Command} text=${letter.commands.show} />
    </div>
  `;
};

const Attributes = ({
  letter: { row, toldBy, messageId, recordedAtMs, redrives },
}: {
  readonly letter: Letter;
}) => html`
  <div class="sec">
    <h3>Where it came from</h3>
    <dl class="kv">
      <dt>id</dt>
      <dd><code>${row.id}</code></dd>
      <dt>told by</dt>
      <dd>
        <a href=${hrefTo('stream', [toldBy], { order: row.orderId ?? '' })}><code>${toldBy}</code></a>
      </dd>
      <dt>order_id</dt>
      <dd>
        ${row.orderId === null ? 'cannot be read' : html`<a href=${hrefTo('order', [row.orderId])}>${row.orderId}</a>`}
      </dd>
      ${
        row.paymentId === null
          ? null
          : html`<dt>payment_id</dt>
              <dd>${row.paymentId}</dd>`
      }
      <dt>published</dt>
      <dd>
        <code>${format.exactTime(row.publishedAtMs)}</code
        >${', '}<code>${row.topic}</code>${messageId === '' ? '' : `, message ${messageId}`}
      </dd>
      <dt>recorded</dt>
      <dd><code>${format.exactTime(recordedAtMs)}</code></dd>
      <dt>redriven</dt>
      <dd>${redrives.done} of ${redrives.max} times</dd>
    </dl>
  </div>
`;

const Payload = ({ letter: { payload } }: { readonly letter: Letter }) => html`
  <div class="sec">
    <h3>
      ${`Payload, ${format.bytes(payload.bytes)}, ${payload.isMasked ? 'card numbers masked' : 'nothing masked'}`}
    </h3>
    ${
      payload.isErased
        ? html`<p>It was erased, because it held a person’s data.</p>`
        : payload.text === ''
          ? html`<p class="quiet">It is empty.</p>`
          : html`<pre class="json" tabindex="0" aria-label="Payload of the letter">${payload.text}</pre>`
    }
    ${payload.isShortened ? html`<p class="small quiet">Its first 64 KiB. A terminal shows more.</p>` : null}
    ${
      payload.sha256 === null
        ? null
        : html`<p class="small quiet wrap">
            ${'It was cut when it was recorded, so it cannot be sent again. SHA-256 of the whole: '}<code
              >${payload.sha256}</code
            >
          </p>`
    }
  </div>
`;

const OrderNow = ({ letter: { order } }: { readonly letter: Letter }) => {
  if (order === null)
    return html`<div class="sec">
      <h3>Its order now</h3>
      <p>It does not say which order it is about.</p>
    </div>`;
  const { orderId, columns, findings } = order;
  return html`<div class="sec">
    <h3>Its order now</h3>
    <p><a href=${hrefTo('order', [orderId])}>Order ${orderId}</a>${sayOrder(order)}</p>
    ${findings.map((finding) => html`<p key=${finding}><${Mark} shape="attn">${finding}<//></p>`)}
    ${
      columns === null
        ? null
        : html`<dl class="kv">
            ${columns.map(
              ({ name, value }) =>
                html`<dt key=${name}>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>`
    }
  </div>`;
};

const sayOrder = ({ versions, payments, columns }: NonNullable<Letter['order']>): string =>
  ` has ${versions === 1 ? '1 version' : `${versions} versions`} and ${payments === 1 ? '1 payment event' : `${payments} payment events`} ` +
  `in the ledger${columns === null ? ', and no row.' : '. Its row:'}`;

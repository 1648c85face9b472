import type { OrderDetail, Place } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { Mark } from '../../parts/mark.ts';
import { orderVersion } from '../../parts/orderVersion.ts';
import { Problem } from '../../parts/problem.ts';
import { useFetched } from '../../parts/useFetched.ts';
import type { Live, PageActions } from '../../view.ts';
import { HealForm, type HealFormProps } from './healForm.ts';
import { ORDER_SHAPES, orderFacts } from './orderFacts.ts';
import { RowTable } from './rowTable.ts';
import { Timeline } from './timeline.ts';

interface OrderPageProps {
  readonly orderId: string;
  readonly place: Place;
  readonly live: Live;
  readonly actions: PageActions;
}

/** Everything that is known about one order. It is read again when a message about it was seen. */
export const OrderPage = ({ orderId, place, live, actions }: OrderPageProps) => {
  const fetched = useFetched<OrderDetail>(
    `/api/orders/${encodeURIComponent(orderId)}`,
    orderVersion(live.rows, orderId),
  );
  const { value: order, problem, isSlow } = fetched;
  return html`<div class="view" id="v-order">
    <div class="head">
      <h1>Order ${orderId}</h1>
      ${order === null ? null : html`<${StateMarks} order=${order} />`}
      <span class="act"
        >${order === null ? null : resolveLinks(order)}<button type="button" onClick=${fetched.again}>
          Look again
        </button></span
      >
    </div>
    ${order === null && problem === null && isSlow ? html`<p>…</p>` : null}
    ${problem === null ? null : problemOf(orderId, problem, fetched)}
    ${order === null ? null : html`<${OrderBody} ...${{ order, place, live, actions }} onHealed=${fetched.again} />`}
  </div>`;
};

const problemOf = (orderId: string, problem: string, fetched: Parameters<typeof Problem>[0]['fetched']) =>
  / is unknown/.test(problem)
    ? html`<${Blank} title=${`Nothing is known about order ${orderId}`}>
        <p>It has no row, no event and no dead letter. A payment of it would wait here.</p>
        <p><a href="#order">Find another one</a></p>
      <//>`
    : html`<${Problem} title="This order cannot be read" fetched=${fetched} />`;

const StateMarks = ({ order }: { readonly order: OrderDetail }) => html`
  <${Mark} shape=${ORDER_SHAPES[order.state]}>${order.state}<//>
  ${order.findings.length === 0 ? null : html`<${Mark} shape="attn">${sayFindings(order)}<//>`}
  ${order.erased === null ? null : html`<${Mark} shape="calm">erased<//>`}
`;

const sayFindings = ({ findings }: OrderDetail): string => {
  const reasons = findings.map(({ reason }) => reason).join(', ');
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} open: ${reasons}`;
};

/** A finding is resolved where its dead letter is. One that nobody has told yet has none. */
const resolveLinks = ({ findings, deadLetters }: OrderDetail) =>
  findings.map(({ id, reason }) => {
    const letter = deadLetters.find((one) => one.id === id && one.reason === reason);
    if (letter === undefined) return null;
    const href = hrefTo('dead-letters', ['resolve'], { letter: letter.place });
    return html`<a key=${id} class="btn primary" href=${href}>Resolve ${reason}…</a>`;
  });

const OrderBody = (props: HealFormProps) => {
  const { order } = props;
  return html`
    <dl class="facts">
      ${orderFacts(order).map(
        ([name, value]) =>
          html`<div key=${name}>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <div class="sided ord">
      <section aria-labelledby="h-timeline">
        <div class="titled">
          <h2 id="h-timeline">Everything known, oldest first</h2>
          <span class="quiet"
            >in the order in which it was taken, as far as that was seen; times are of the publish</span
          >
        </div>
        <${Timeline} order=${order} />
        <h3>The same in a terminal, and its log lines</h3>
        <div class="cmds">
          <${Command} text=${`npx tally order ${order.orderId}`} /><${Command} ...${order.logSearch} />
        </div>
        ${order.findings.length === 0 ? null : html`<${ResolveCommands} order=${order} />`}
        <h3>Take a person’s data away</h3>
        <${Command} text=${`npx tally erase --order ${order.orderId}`} />
      </section>
      <section class="side" aria-labelledby="h-row">
        <h2 id="h-row">The row, <code>orders_payments_facts</code></h2>
        <${RowTable} order=${order} />
        <${HealForm} ...${props} />
      </section>
    </div>
  `;
};

const ResolveCommands = ({ order }: { readonly order: OrderDetail }) => html`
  <h3>When it has been dealt with</h3>
  <${Command} text=${`npx tally findings resolve ${order.orderId} --because 'refunded'`} />
`;

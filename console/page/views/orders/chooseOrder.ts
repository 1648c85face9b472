import { useRef, useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import { findPlaces, type Found } from '../../findPlaces.ts';
import { goTo, hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { OutcomeMark } from '../../parts/outcomeMark.ts';
import type { Live } from '../../view.ts';

/** So many orders that passed by are offered. */
const NEWEST_SHOWN = 20;

interface ChooseOrderProps {
  readonly place: Place;
  readonly live: Live;
}

/** A field that finds an order by any id and, where messages are seen, the newest orders of them. */
export const ChooseOrder = ({ place, live }: ChooseOrderProps) => html`
  <div class="view" id="v-order">
    <div class="head"><h1>Orders</h1></div>
    <${FindOrder} />
    ${place.isLocal ? html`<${NewestOrders} live=${live} />` : null}
  </div>
`;

const NewestOrders = ({ live }: Pick<ChooseOrderProps, 'live'>) => {
  const rows = live.rows.filter(({ orderId }) => orderId !== null);
  const newest = [...Map.groupBy(rows, ({ orderId }) => orderId).values()]
    .flatMap(([row]) => row ?? [])
    .slice(0, NEWEST_SHOWN);
  if (newest.length === 0)
    return html`<${Blank} title="No order has passed by yet">
      <p>An order is listed here as soon as a message about it comes. Any older one is found by its id.</p>
      <${Command} text="npx tally publish order examples/order.json" />
    <//>`;
  return html`<section aria-labelledby="h-newest" class="newest">
    <h2 id="h-newest">Seen last</h2>
    <table class="rows">
      <caption class="sr">
        Orders that were seen last
      </caption>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Last message</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${newest.map(
          ({ orderId, publishedAtMs, outcome, findings }) =>
            html`<tr key=${orderId}>
              <td><a href=${hrefTo('order', [orderId ?? ''])}>${orderId}</a></td>
              <td><code>${format.exactTime(publishedAtMs)}</code></td>
              <td class="fill"><${OutcomeMark} outcome=${outcome} findings=${findings} /></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
};

const FindOrder = () => {
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [isBusy, setBusy] = useState(false);
  const find = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await findPlaces(input.current?.value.trim() ?? '');
    const [only] = answer.places;
    if (only !== undefined && answer.places.length === 1) goTo(only.href);
    setFound(answer);
    setBusy(false);
  };
  return html`
    <form class="bar find-o" onSubmit=${find}>
      <span class="grow"
        ><label class="sr" for="find-order">Order, payment, event or message id</label
        ><input
          id="find-order"
          ref=${input}
          type="search"
          required
          placeholder="Order, payment, event or message id"
          autocomplete="off"
          spellcheck=${false}
          aria-invalid=${(found?.why ?? '') === '' ? undefined : 'true'}
          aria-describedby="find-order-says" /></span
      ><button type="submit" disabled=${isBusy}>Find</button>
    </form>
    <div id="find-order-says" role="status">
      ${found === null ? null : html`<${FoundPlaces} found=${found} />`}
    </div>
  `;
};

const FoundPlaces = ({ found }: { readonly found: Found }) => {
  if (found.places.length === 0) return html`<p>${found.why}</p>`;
  return html`<ul class="found">
    ${found.places.map(
      ({ href, kind, what }) =>
        html`<li key=${href}><a href=${href}>${what}</a> <span class="quiet">${kind}</span></li>`,
    )}
  </ul>`;
};

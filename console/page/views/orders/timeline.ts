import type { OrderDetail, StoryItem } from '../../../contract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Icon, type Shape } from '../../parts/icon.ts';

/** What arrived, and what it changed, oldest first. */
export const Timeline = ({ order }: { readonly order: OrderDetail }) => html`
  <ol class="tl">
    <li class="th" aria-hidden="true">
      <span>At</span><span></span><span>What arrived</span><span>What it changed</span>
    </li>
    ${
      order.leftOut === 0
        ? null
        : html`<li class="gap">
            ${format.count(order.leftOut)} older entries are left out; the command below has them all.
          </li>`
    }
    ${order.story.map((item) => html`<${Item} key=${item.key} item=${item} order=${order} />`)}
  </ol>
`;

interface ItemProps {
  readonly item: StoryItem;
  readonly order: OrderDetail;
}

const Item = ({ item, order }: ItemProps) => {
  const { kind, atMs, state, title, says, changed, told } = item;
  const isQuiet = state === 'calm' || kind === 'again';
  return html`<li>
    <time datetime=${new Date(atMs).toISOString()}>${format.exactTime(atMs)}</time>
    <span class="p"
      ><${Icon} shape=${shapeOf(item)} tone=${state === 'said' ? 'calm' : state} class=""
    /></span>
    <div class="w">
      ${kind === 'again' ? title : html`<b>${title}</b>`}${says === '' ? '' : `, ${says}`}
      <div class="q">${howOf(item, order)}</div>
    </div>
    <div class="f ${isQuiet ? 'quiet' : ''}">
      ${changed}${told.length === 0 ? null : html` Told: <b>${told.join(', ')}</b>.`}${linkOf(item, order)}
    </div>
  </li>`;
};

const shapeOf = ({ kind, state }: StoryItem): Shape => (kind === 'deadLetter' ? 'said' : state);

const howOf = ({ how, eventId }: StoryItem, order: OrderDetail) => {
  if (eventId === null) return how;
  return html`${how === '' ? '' : `${how} · `}<a href=${hrefTo('stream', [eventId], { order: order.orderId })}
      ><code>${eventId.slice(0, 8)}</code></a
    >`;
};

/** A finding that is open asks for a person: where its dead letter is, it is resolved with a reason. */
const linkOf = ({ kind, key }: StoryItem, { deadLetters }: OrderDetail) => {
  const letter = deadLetters.find(({ id, reason }) => kind === 'deadLetter' && `${id}-${reason}` === key);
  if (letter === undefined) return null;
  const { place, isOpen, reason } = letter;
  if (!isOpen || reason === 'unmatched' || reason === 'invalid') {
    return html` <a href=${hrefTo('dead-letters', ['letter'], { letter: place, state: 'any' })}>Look at it</a
      >.`;
  }
  return html` <a href=${hrefTo('dead-letters', ['resolve'], { letter: place })}>Resolve it</a> when it has
    been dealt with, with a reason.`;
};

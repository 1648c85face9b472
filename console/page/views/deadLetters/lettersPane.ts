import type { Job, LetterPage, LetterRow } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import {
  canToggle,
  isSelected,
  NOTHING,
  sayExpired,
  saySelection,
  selectAll,
  type Selection,
  toggle,
} from './selection.ts';
import { letters, shortAge, shortId } from './reasons.ts';

interface LettersPaneProps {
  readonly route: DeadLetterRoute;
  readonly page: LetterPage;
  /** The page is that of another filter, because the answer to this one has not come. */
  readonly isOld: boolean;
  readonly rows: readonly LetterRow[];
  /** The list has changed, and is kept because somebody points at it. */
  readonly isOther: boolean;
  readonly onShowFresh: () => void;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly job: Job | null;
}

/** One page of the letters that fit, and what is selected of all of them. */
export const LettersPane = (props: LettersPaneProps) => {
  const { route, page, isOld, isOther, onShowFresh } = props;
  return html`
    <section class="pane letters scroll" tabindex="0" aria-labelledby="h-let" id="letters-p">
      <p class="back"><a href=${hrefOf({ ...route, at: 'groups' })}>All groups</a></p>
      <h2 id="h-let">${titleOf(route)}</h2>
      <p class="small quiet say-l">${isOld ? '…' : [sayFits(page, route), html`<${Other} ...${props} />`]}</p>
      <${SelectionBar} ...${props} />
      ${
        isOther
          ? html`<p class="other">
              <button type="button" onClick=${onShowFresh}>The list has changed: show it</button>
            </p>`
          : null
      }
      ${
        !isOld && page.fits + page.expired === 0 && props.rows.length === 0
          ? html`<${Blank} ...${noneOf(route, page)}>
              <p>${page.said}. It is counted again every few seconds.</p>
              <${Command} text=${page.command} />
            <//>`
          : html`<${LettersTable} ...${props} />`
      }
      <${Pages} route=${route} page=${page} />
    </section>
  `;
};

const titleOf = ({ filter: { reason, kind } }: DeadLetterRoute): string =>
  reason === '' ? 'Every reason' : kind === '' ? reason : `${reason}: ${kind.split(':')[0]}`;

/** That none is open is good news only where there was something that could be. */
const noneOf = ({ filter }: DeadLetterRoute, { notLookedAt, groups }: LetterPage) => {
  if (notLookedAt > 0) return { title: 'None so far: their ledgers are being read', shape: 'wait' };
  return filter.state === 'open' && (filter.text === '' || groups.length > 0)
    ? { title: 'None of these is open', shape: 'ok' }
    : { title: 'Nothing fits the filter' };
};

/** Digits can be an order and a payment. */
const Other = ({ route, page: { text, other } }: LettersPaneProps) =>
  other === null
    ? null
    : html`${` This is ${text}; there is also `}<a
          href=${hrefOf({ ...route, at: 'list', page: '', filter: { ...route.filter, text: other } })}
          >${other}</a
        >.`;

const sayFits = (page: LetterPage, { filter }: DeadLetterRoute): string => {
  const state = filter.state === 'any' ? '' : ` ${filter.state}`;
  const values = page.values.map(
    ({ text, count }) => `${text.replace(/^got /, '')} (${format.count(count)})`,
  );
  const cut =
    page.listed < page.all
      ? ` Listed are the newest ${format.count(page.listed)} of ${format.count(page.all)}.`
      : '';
  const left =
    page.notLookedAt === 0 ? '' : ` so far; ${format.count(page.notLookedAt)} have not been looked at yet`;
  return `${format.count(page.fits)}${state}${left}${sayExpired(page.expired)}.${values.length === 0 ? '' : ` Got: ${values.join(', ')}.`}${cut}`;
};

const SelectionBar = ({ route, selection, onSelect, job }: LettersPaneProps) => {
  const { count, what } = saySelection(selection);
  const isRunning = job?.state === 'running' || job?.state === 'stopping';
  const isOff = selection.by === 'none' || isRunning;
  const action = (at: 'dry-run' | 'discard', title: string) =>
    isOff
      ? html`<a class="btn" role="link" aria-disabled="true">${title}</a>`
      : html`<a class="btn" href=${hrefOf({ ...route, at, letter: '' })}>${title}</a>`;
  return html`<div class="selbar">
    <span><b>${count}</b> <span class="quiet">${isRunning ? `a ${job?.action} runs` : what}</span></span>
    <span class="act">
      ${action('dry-run', 'Dry run')}${action('discard', 'Discard…')}
      <button
        type="button"
        class="bare"
        disabled=${selection.by === 'none'}
        onClick=${() => onSelect(NOTHING)}
      >
        Clear
      </button>
    </span>
  </div>`;
};

const LettersTable = ({ route, page, isOld, rows, selection, onSelect, job }: LettersPaneProps) => html`
  <table class="rows stick" id="letters">
    <caption class="sr">
      Dead letters: ${page.said}
    </caption>
    <thead>
      <tr>
        <th scope="col">
          <input
            type="checkbox"
            checked=${selection.by === 'filter'}
            disabled=${isOld || page.fits + page.expired === 0}
            aria-label="Select all that fit"
            onChange=${() => onSelect(selection.by === 'filter' ? NOTHING : selectAll(route.filter, page))}
          />
        </th>
        <th scope="col">Event</th>
        <th scope="col">Order</th>
        <th scope="col" class="hide-m">${job === null ? 'Error' : 'Error, or what became of it'}</th>
        <th scope="col" class="num">Age</th>
        <th scope="col" class="num hide-m">Redriven</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => {
        const isShown = row.place === route.letter;
        const hasBox = row.isOpen || route.filter.state !== 'open';
        return html`<tr
          key=${row.place}
          data-place=${row.place}
          class=${isShown ? 'sel' : ''}
          aria-current=${isShown ? 'true' : undefined}
        >
          <td>
            ${
              hasBox
                ? html`<input
                    type="checkbox"
                    checked=${isSelected(selection, row)}
                    disabled=${!canToggle(selection, rows)}
                    aria-label=${`Select ${shortId(row.id)}`}
                    onChange=${() => onSelect(toggle(selection, row.place, rows))}
                  />`
                : null
            }
          </td>
          <td>
            <a href=${hrefOf({ ...route, at: 'letter', letter: row.place })}
              ><code>${shortId(row.id)}</code></a
            >
          </td>
          <td>${row.orderId ?? html`<span class="quiet">–</span>`}</td>
          <td class="fill hide-m" title=${row.error}><${WhatItSays} row=${row} /></td>
          <td class="num" title=${format.exactTime(row.publishedAtMs)}>
            ${shortAge(page.atMs - row.publishedAtMs)}
          </td>
          <td class="num hide-m">${row.redriveCount}</td>
        </tr>`;
      })}
    </tbody>
  </table>
`;

const WhatItSays = ({ row }: { readonly row: LetterRow }) => {
  if (!row.isOpen) return html`<${Mark} shape="ok" look="quiet">not open any more<//>`;
  return row.isCut ? html`${row.values}, payload cut` : html`${row.values}`;
};

const Pages = ({ route, page }: Pick<LettersPaneProps, 'route' | 'page'>) => {
  if (page.pages <= 1) return null;
  const to = (number: number, title: string) =>
    number < 1 || number > page.pages
      ? html`<a class="btn" role="link" aria-disabled="true">${title}</a>`
      : html`<a class="btn" href=${hrefOf({ ...route, at: 'list', page: String(number) })}>${title}</a>`;
  return html`<nav class="acts pages" aria-label="Pages">
    ${to(page.page - 1, 'Previous')}${to(page.page + 1, 'Next')}
    <span class="small quiet"
      >page ${format.count(page.page)} of ${format.count(page.pages)}, ${letters(page.fits)}</span
    >
  </nav>`;
};

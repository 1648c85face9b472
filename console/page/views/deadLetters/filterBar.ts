import { useEffect, useState } from 'preact/hooks';
import type { LetterFilter } from '../../../deadLetterContract.ts';
import { goTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { REASONS } from './reasons.ts';

/** A person who types pauses for so long between two words. */
const TYPED_MS = 300;

const CHOICES: readonly {
  readonly name: 'reason' | 'topic' | 'age' | 'state';
  readonly label: string;
  readonly options: readonly (readonly [value: string, title: string])[];
}[] = [
  {
    name: 'reason',
    label: 'Reason',
    options: [['', 'Every reason'], ...Object.keys(REASONS).map((one) => [one, one] as const)],
  },
  {
    name: 'topic',
    label: 'Topic',
    options: [
      ['', 'Both topics'],
      ['orders_data', 'orders_data'],
      ['payments_data', 'payments_data'],
    ],
  },
  {
    name: 'age',
    label: 'Age',
    options: [
      ['', 'Any age'],
      ['1h', 'The last hour'],
      ['24h', 'The last 24 hours'],
      ['7d', 'The last 7 days'],
      ['older-1h', 'Older than 1 hour'],
      ['older-24h', 'Older than 1 day'],
    ],
  },
  {
    name: 'state',
    label: 'State',
    options: [
      ['open', 'Open'],
      ['closed', 'Closed'],
      ['any', 'Open and closed'],
    ],
  },
];

/** The filter, which is in the route, so that a link shows the same thing. */
export const FilterBar = ({ route }: { readonly route: DeadLetterRoute }) => {
  const change = (some: Partial<LetterFilter>, replaces = false): void => {
    // A kind of error belongs to its reason.
    const kind = some.reason === undefined || some.reason === route.filter.reason ? route.filter.kind : '';
    goTo(
      hrefOf({
        ...route,
        at: route.at === 'groups' ? 'groups' : 'list',
        filter: { ...route.filter, kind, ...some },
        page: '',
      }),
      {
        replaces,
      },
    );
  };
  return html`<div class="bar" role="group" aria-label="Filter">
    ${CHOICES.map(
      ({ name, label, options }) =>
        html`<label key=${name}
          ><span class="sr">${label}</span
          ><select
            value=${route.filter[name]}
            onChange=${({ currentTarget }: { currentTarget: HTMLSelectElement }) => change({ [name]: currentTarget.value })}
          >
            ${options.map(
              ([value, title]) =>
                html`<option value=${value} selected=${route.filter[name] === value}>${title}</option>`,
            )}
          </select></label
        >`,
    )}
    <${TextFilter} text=${route.filter.text} onText=${(text: string) => change({ text }, true)} />
  </div>`;
};

const TextFilter = ({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) => {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onText(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<label class="grow"
    ><span class="sr">Order, payment, event id or error text</span
    ><input
      type="search"
      placeholder="Order, payment, event id or error text"
      spellcheck="false"
      maxlength="200"
      value=${typed}
      onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setTyped(currentTarget.value)}
  /></label>`;
};

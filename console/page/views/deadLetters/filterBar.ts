import type { LetterFilter } from '../../../deadLetterContract.ts';
import { goTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { FilterText } from '../../parts/filterText.ts';
import { TOPICS } from '../../parts/topics.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { REASONS } from './reasons.ts';

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
    options: [['', 'Both topics'], ...TOPICS.map((one) => [one, one] as const)],
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
        at: route.at === 'groups' || route.letter !== '' ? route.at : 'list',
        filter: { ...route.filter, kind, ...some },
        page: '',
      }),
      { replaces },
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
    <${FilterText} text=${route.filter.text} onText=${(text: string) => change({ text }, true)} />
  </div>`;
};

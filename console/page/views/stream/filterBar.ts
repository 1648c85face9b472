import type { StreamFilter } from '../../../contract.ts';
import { goTo, hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { FilterText } from '../../parts/filterText.ts';
import { format } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.ts';
import { TOPICS } from '../../parts/topics.ts';
import { CHOICES, filterQuery, pressOutcome } from './readFilter.ts';

interface FilterBarProps {
  readonly filter: StreamFilter;
  readonly openKey: string | undefined;
  /** By outcome, a second; undefined before the first frame. */
  readonly rates: Readonly<Record<string, number>> | undefined;
}

/** The filter of the rows. It is kept in the address, and the server applies it. */
export const FilterBar = ({ filter, openKey, rates }: FilterBarProps) => {
  const change = (changes: Partial<StreamFilter>): void => {
    const path = openKey === undefined ? [] : [openKey];
    goTo(hrefTo('stream', path, filterQuery({ ...filter, ...changes })), { replaces: true });
  };
  const { outcomes } = filter;
  return html`<div class="bar" role="group" aria-label="Filter">
    <${FilterText} text=${filter.text} onText=${(text: string) => change({ text })} />
    <label class="sr" for="stream-topic">Topic</label>
    <select
      id="stream-topic"
      value=${filter.topic}
      onChange=${({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
        change({ topic: currentTarget.value })}
    >
      <option value="">Both topics</option>
      ${TOPICS.map((topic) => html`<option value=${topic}>${topic}</option>`)}
    </select>
    <span class="bar outs" role="group" aria-label="Outcomes">
      ${CHOICES.map(
        ([outcome, shape]) =>
          html`<button
            key=${outcome}
            type="button"
            aria-pressed=${String(outcomes.length === 0 || outcomes.includes(outcome))}
            onClick=${() => change({ outcomes: pressOutcome(outcomes, outcome) })}
          >
            <${Icon} shape=${shape} />${outcome}
            <span class="quiet">${format.rate(rates?.[outcome])}</span>
          </button>`,
      )}
    </span>
  </div>`;
};

import { html } from '../html.ts';
import { format } from './format.ts';
import { Mark } from './mark.ts';

/** A number that must be zero, such as `lost 0`. Null: nobody can say it now. */
export const Judged = ({ name, count }: { readonly name: string; readonly count: number | null }) =>
  count === null
    ? html`<span class="quiet">${name} cannot be said now</span>`
    : html`<${Mark} shape=${count === 0 ? 'ok' : 'bad'} look="word">${name} ${format.count(count)}<//>`;

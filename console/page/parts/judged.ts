import type { Sums } from '../../contract.ts';
import { html } from '../html.ts';
import { format } from './format.ts';
import { Mark } from './mark.ts';

interface JudgedProps {
  readonly name: string;
  readonly count: number | null;
  /** How the count is written, when not as a plain number. */
  readonly text?: string;
}

/** A number that must be zero, such as `lost 0`. Null: nobody can say it now. */
export const Judged = ({ name, count, text = format.count(count) }: JudgedProps) =>
  count === null
    ? html`<span class="quiet">${name} cannot be said now</span>`
    : html`<${Mark} shape=${count === 0 ? 'ok' : 'bad'} look="word">${name} ${text}<//>`;

/** `3`, or `at least 10,000`. */
export const violationsText = ({ violations, areViolationsCut }: Sums): string =>
  `${areViolationsCut ? 'at least ' : ''}${format.count(violations)}`;

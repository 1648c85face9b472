import type { ComponentChildren, VNode } from 'preact';
import type { Sum, SumTerm } from '../../contract.ts';
import { html } from '../html.ts';
import { format } from './format.ts';
import { Icon } from './icon.ts';
import { isNothing } from './isNothing.ts';

interface SumTableProps {
  readonly sum: Sum;
  /** Set while the numbers cannot be fresh: said instead of the verdict, such as `from 14:32:14`. */
  readonly from?: string | undefined;
  /** The time at which they added up, when messages have come since. */
  readonly at?: string | undefined;
  /** How a term is shown. Default: its name. */
  readonly nameOf?: (term: SumTerm) => ComponentChildren;
  /** More rows below a term, such as its ids. */
  readonly below?: (term: SumTerm) => VNode | null;
}

/** A sum as a ledger has it: a rule above the total, two below it, and whether it adds up. */
export const SumTable = ({
  sum,
  from,
  at,
  nameOf = ({ name }) => name,
  below = () => null,
}: SumTableProps) => html`
  <table class="sum live">
    <caption class="sr">
      ${sum.name}
    </caption>
    <tbody>
      ${sum.terms.map(
        (term) => html`
          <tr key=${term.name}>
            <th scope="row">${nameOf(term)}</th>
            <td class="n">${format.count(term.count)}</td>
            <td class="note ${term.state ?? ''}">
              ${term.state === null ? null : html`<${Icon} shape=${term.state} />`}${term.note}
            </td>
          </tr>
          ${below(term)}
        `,
      )}
      <tr class="tot">
        <th scope="row">${sum.name}</th>
        <td class="n">${format.count(sum.total)}</td>
        ${from === undefined ? verdictOf(sum, at) : html`<td class="note">${from}</td>`}
      </tr>
    </tbody>
  </table>
`;

/** Green only for what was added up on the server, of one snapshot. Nothing is no sum. */
const verdictOf = (sum: Sum, at: string | undefined) => {
  const { offBy, total } = sum;
  if (total === null) return html`<td class="note">not known</td>`;
  if (offBy === null) return html`<td class="note">of different moments</td>`;
  if (offBy !== 0)
    return html`<td class="note bad"><${Icon} shape="bad" />off by ${format.count(offBy)}</td>`;
  if (isNothing([sum])) return html`<td class="note"></td>`;
  return html`<td class="note ok">
    <${Icon} shape="ok" />${at === undefined ? 'adds up' : `added up at ${at}`}
  </td>`;
};

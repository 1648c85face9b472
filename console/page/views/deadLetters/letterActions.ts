import type { Letter, LetterAction } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';

/** What people did with a letter, or with a copy of it. */
export const LetterActions = ({ actions }: Pick<Letter, 'actions'>) => html`
  <div class="sec">
    <h3>What was done</h3>
    ${
      actions.length === 0
        ? html`<p class="quiet">Nobody has done anything with it.</p>`
        : html`<ul>
            ${actions.map(
              (action) =>
                html`<li key=${action.atMs}>
                  <code>${format.time(action.atMs)}</code>${sayAction(action)}
                </li>`,
            )}
          </ul>`
    }
  </div>
`;

const sayAction = ({ kind, operator, because, detail, redrives }: LetterAction): string =>
  [
    ` ${kind}${redrives === null ? '' : `, time ${redrives}`} by ${operator}`,
    detail === '' ? '' : `, as message ${detail}`,
    because === '' ? '' : `: “${because}”`,
  ].join('');

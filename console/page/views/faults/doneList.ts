import type { FaultsState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';

/** What was done, and how it ended, newest first. */
export const DoneList = ({ done }: Pick<FaultsState, 'done'>) => html`
  <section aria-labelledby="h-done">
    <h2 id="h-done">What was done, and how it ended</h2>
    ${
      done.length === 0
        ? html`<p class="quiet">Nothing yet.</p>`
        : html`<table class="log-t">
            <caption class="sr">
              Log of faults
            </caption>
            <tbody>
              ${done.map(
                ({ atMs, text }) =>
                  html`<tr key=${`${atMs} ${text}`}>
                    <td><code>${format.time(atMs)}</code></td>
                    <td class="fill">${text}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>
`;

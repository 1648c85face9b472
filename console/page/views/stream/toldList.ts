import type { StreamFilter } from '../../../contract.ts';
import type { LetterPage, LetterRow } from '../../../deadLetterContract.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { Command } from '../../parts/command.ts';
import { format } from '../../parts/format.ts';
import { OutcomeMark } from '../../parts/outcomeMark.ts';
import { Problem } from '../../parts/problem.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useTick } from '../../parts/useTick.ts';

const ASK_EVERY_MS = 10_000;

interface ToldListProps {
  readonly filter: StreamFilter;
  /** Changes when the dead letters changed. */
  readonly version: unknown;
}

/**
 * What can be listed outside a local system: the newest messages that people were told about. The tables have
 * all others by order and not by time, so nobody can list them.
 */
export const ToldList = ({ filter, version }: ToldListProps) => {
  const { text, topic, outcomes } = filter;
  const query = new URLSearchParams({ state: 'any', sort: 'newest', text, topic });
  const fetched = useFetched<LetterPage>(
    `/api/dead-letters?${query}`,
    `${String(version)}-${useTick(ASK_EVERY_MS)}`,
  );
  const { value: page, problem } = fetched;
  if (page === null || page.countedAtMs === null) {
    const why = page?.problem ?? problem;
    return why === null
      ? html`<p class="quiet older">…</p>`
      : html`<${Problem} title="The dead letters cannot be read" fetched=${{ ...fetched, problem: why }} />`;
  }
  const rows = page.rows.filter(
    (row) => outcomes.length === 0 || outcomesOf(row).some((outcome) => outcomes.includes(outcome)),
  );
  if (rows.length === 0) {
    return html`<${Blank} title="None of the newest dead letters fits">
      <p>
        ${`${format.count(page.fits)} fit without the outcomes; the newest ${page.rows.length} of them were looked at, at ${format.time(page.atMs)}.`}
        ${' '}A message that was matched or stored is in the ledger of its order.
      </p>
      <${Command} text="npx tally order 17" />
    <//>`;
  }
  return html`<table class="rows stick">
      <caption class="sr">
        Messages that people were told about, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Published</th>
          <th scope="col" class="hide-m">Topic</th>
          <th scope="col">Order</th>
          <th scope="col" class="hide-m">Payment</th>
          <th scope="col">Told</th>
          <th scope="col" class="hide-m">Note</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => html`<${Told} key=${row.place} row=${row} />`)}
      </tbody>
    </table>
    <p class="older small quiet">
      ${`The newest ${format.count(page.rows.length)} of ${format.count(page.fits)}, counted ${format.time(page.countedAtMs)}. `}<a
        href=${hrefTo('dead-letters', ['list'], { state: 'any', sort: 'newest', text, topic })}
        >All of them</a
      >
    </p>`;
};

const Told = ({ row }: { readonly row: LetterRow }) => {
  const [outcome, ...findings] = outcomesOf(row);
  return html`<tr>
    <td>
      <a href=${hrefTo('dead-letters', ['letter'], { state: 'any', sort: 'newest', letter: row.place })}
        ><code>${format.exactTime(row.publishedAtMs)}</code></a
      >
    </td>
    <td class="hide-m"><code>${row.topic}</code></td>
    <td>
      ${row.orderId === null ? html`<span class="quiet">–</span>` : html`<a href=${hrefTo('order', [row.orderId])}>${row.orderId}</a>`}
    </td>
    <td class="hide-m">${row.paymentId ?? html`<span class="quiet">–</span>`}</td>
    <td>
      <${OutcomeMark} outcome=${outcome} findings=${findings} />
    </td>
    <td class="fill hide-m" title=${row.error}>${row.error}</td>
  </tr>`;
};

/** As the buttons of the filter call it. What is a finding has its reason, too. */
const outcomesOf = ({ reason }: LetterRow): readonly string[] => {
  if (reason === 'unmatched') return ['parked'];
  return reason === 'invalid' ? [reason] : ['findings', reason];
};

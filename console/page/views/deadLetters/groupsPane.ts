import type { HistoryLine, LetterGroup, LetterPage } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { type DeadLetterRoute, hrefOf } from './deadLetterRoute.ts';
import { sayHistory } from './sayHistory.ts';
import { REASONS, shortAge } from './reasons.ts';

interface GroupsPaneProps {
  readonly route: DeadLetterRoute;
  readonly page: LetterPage;
  readonly history: readonly HistoryLine[] | null;
}

/** The groups: by reason, and below each its kinds of error, with a sum. Below, what was done. */
export const GroupsPane = ({ route, page, history }: GroupsPaneProps) => html`
  <section class="pane groups-p scroll" tabindex="0" aria-label="Groups">
    ${
      page.all === 0
        ? html`<${Blank} title="There are no dead letters" shape="ok">
            <p>
              Every message that was accepted is in its order’s ledger, and nobody has to look at anything.
            </p>
          <//>`
        : html`<${Groups} route=${route} page=${page} />`
    }
    <h2 class="history-h">History</h2>
    <${History} lines=${history} />
  </section>
`;

const Groups = ({ route, page }: Omit<GroupsPaneProps, 'history'>) => html`
  <table class="rows stick groups" id="groups">
    <caption class="sr">
      Dead letters by reason and error, counted ${format.time(page.countedAtMs)}
    </caption>
    <thead>
      <tr>
        <th scope="col">Reason and error</th>
        <th scope="col" class="num">Open</th>
        <th scope="col" class="num">All</th>
        <th scope="col" class="num">Oldest</th>
      </tr>
    </thead>
    <tbody>
      ${shownGroups(page.groups).map(
        (group) =>
          html`<${Group}
            key=${`${group.reason} ${group.kind}`}
            group=${group}
            route=${route}
            page=${page}
          />`,
      )}
      <tr class="sum-r">
        <th scope="row">
          <a
            href=${hrefOf({ ...route, at: 'list', filter: { ...route.filter, reason: '', kind: '' }, page: '' })}
            >All</a
          >
        </th>
        <td class="num">${totalOpen(page.groups)}</td>
        <td class="num">${format.count(ofReasons(page.groups).reduce((sum, { all }) => sum + all, 0))}</td>
        <td></td>
      </tr>
    </tbody>
  </table>
`;

const ofReasons = (groups: readonly LetterGroup[]): readonly LetterGroup[] =>
  groups.filter(({ kind }) => kind === null);

const totalOpen = (groups: readonly LetterGroup[]): string => {
  const counts = ofReasons(groups).map(({ open }) => open);
  return counts.includes(null)
    ? '…'
    : format.count(counts.reduce<number>((sum, open) => sum + (open ?? 0), 0));
};

/** Only what is invalid has kinds of error that matter: the errors of the others differ in their ids. */
const shownGroups = (groups: readonly LetterGroup[]): readonly LetterGroup[] =>
  groups.filter(({ reason, kind }) => kind === null || reason === 'invalid');

interface GroupProps {
  readonly group: LetterGroup;
  readonly route: DeadLetterRoute;
  readonly page: LetterPage;
}

const Group = ({ group, route, page }: GroupProps) => {
  const { reason, kind, open, all, oldestMs } = group;
  const isChosen = route.filter.reason === reason && route.filter.kind === (kind ?? '');
  const href = hrefOf({
    ...route,
    at: 'list',
    filter: { ...route.filter, reason, kind: kind ?? '' },
    page: '',
    letter: '',
  });
  const { shape = 'attn', what = '' } = REASONS[reason] ?? {};
  const kinds = page.groups.filter((other) => other.reason === reason && other.kind !== null).length;
  return html`<tr
    class="${kind === null ? '' : 'sub'} ${isChosen ? 'sel' : ''}"
    aria-current=${isChosen ? 'true' : undefined}
  >
    <td class="g">
      ${
        kind === null
          ? html`<${Mark} shape=${open === 0 ? 'calm' : shape}><a href=${href}>${reason}</a><//
              ><br /><span class="quiet small"
                >${reason === 'invalid' ? `${kinds} ${kinds === 1 ? 'error' : 'errors'}, ${what}` : what}</span
              >`
          : html`<a class="kind" title=${kind} href=${href}>${kind}</a>`
      }
    </td>
    <td class="num">${open === null ? '…' : format.count(open)}</td>
    <td class="num quiet">${format.count(all)}</td>
    <td class="num" title=${format.time(oldestMs)}>
      ${oldestMs === null ? '–' : shortAge(page.atMs - oldestMs)}
    </td>
  </tr>`;
};

const History = ({ lines }: { readonly lines: readonly HistoryLine[] | null }) => {
  if (lines === null) return html`<p class="quiet small history-h">…</p>`;
  if (lines.length === 0)
    return html`<p class="quiet small history-h">Nobody changed anything in the last 7 days.</p>`;
  return html`<table class="rows history">
    <caption class="sr">
      What was done, newest first
    </caption>
    <tbody>
      ${lines.map(
        (line) =>
          html`<tr key=${line.startedAtMs}>
            <td><code>${format.time(line.startedAtMs).replace(/:\d\d$/, '')}</code></td>
            <td class="done" title=${`${line.operator}: ${line.said}`}>${sayHistory(line)}</td>
            <td class="num quiet">${line.tookMs === null ? '' : format.duration(line.tookMs)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

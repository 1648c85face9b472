import { useState } from 'preact/hooks';
import type { Place, SumIds, SumTerm, Sums } from '../../../contract.ts';
import { post, problemOf } from '../../api.ts';
import { hrefTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { Blank } from '../../parts/blank.ts';
import { format } from '../../parts/format.ts';
import { isNothing } from '../../parts/isNothing.ts';
import { Judged, violationsText } from '../../parts/judged.ts';
import { memo } from '../../parts/memo.ts';
import { SumTable } from '../../parts/sumTable.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useNow } from '../../parts/useNow.ts';
import type { ViewProps } from '../../view.ts';

interface ReconciliationProps {
  readonly sums: Sums | null;
  readonly sumsProblem: string | null;
  /** As `sumsTime` says them. */
  readonly from: string | undefined;
  readonly at: string | undefined;
  readonly place: Place;
  readonly actions: ViewProps['actions'];
}

/** The audit, live: three sums of one snapshot, with the ids behind each term. */
export const Reconciliation = memo(
  ({ sums, sumsProblem, from, at, place, actions }: ReconciliationProps) =>
    html`<section aria-labelledby="h-rec">
      <div class="titled">
        <h2 id="h-rec">Reconciliation</h2>
        <${When} sums=${sums} from=${from} />
      </div>
      ${sums !== null && sums.problem !== null ? html`<${Unread} sums=${sums} place=${place} actions=${actions} />` : null}
      ${
        sumsProblem === null
          ? null
          : html`<${Blank} title="The sums cannot be asked for" shape="bad">
              <p>${sumsProblem}</p>
              <p><button type="button" onClick=${actions.askSums}>Look again</button></p>
            <//>`
      }
      ${(sums?.sums ?? []).map((sum) => html`<${OneSum} key=${sum.name} sum=${sum} from=${from} at=${at} version=${sums?.passAtMs} />`)}
      ${sums === null || sums.passAtMs === null ? html`<${Loading} problem=${sumsProblem ?? sums?.problem} />` : html`<${Verdict} sums=${sums} from=${from} />`}
    </section>`,
);

const When = ({ sums, from }: { readonly sums: Sums | null; readonly from: string | undefined }) => {
  const now = useNow();
  if (sums === null) return null;
  if (sums.passAtMs === null) {
    if (sums.progress === null || sums.problem !== null) return null;
    return html`<span class="quiet">reading, ${sums.progress.done} of ${sums.progress.of} parts</span>`;
  }
  if (from !== undefined) return html`<span class="quiet">${from}</span>`;
  return html`<span class="quiet" title=${format.exactTime(sums.countedAtMs)}
    >counted again ${format.age(now - sums.countedAtMs)} ago</span
  >`;
};

const Loading = ({ problem }: { readonly problem: string | null | undefined }) =>
  typeof problem === 'string' ? null : html`<p class="ph" aria-hidden="true">…</p>`;

interface UnreadProps {
  readonly sums: Sums;
  readonly place: Place;
  readonly actions: ViewProps['actions'];
}

const Unread = ({ sums, place: { isLocal, cluster }, actions }: UnreadProps) => html`
  <${Blank} title=${isLocal ? 'The tables cannot be read' : 'The sums are not known'} shape="bad">
    <p>
      ${isLocal ? `${cluster}: ` : ''}${sums.problem}.
      ${isLocal ? ' Pub/Sub keeps every message and delivers it again.' : ''}
      ${sums.passAtMs === null ? '' : ` The sums below are from ${format.time(sums.countedAtMs)}.`}
    </p>
    <p>
      <button type="button" onClick=${() => void lookAgain(actions)}>Look again</button>
    </p>
  <//>
`;

const lookAgain = ({ askSums, announce }: ViewProps['actions']): Promise<void> =>
  post('/api/sums/again', {}).then(askSums, (error: unknown) =>
    announce(`Nobody looks again: ${problemOf(error)}.`),
  );

interface OneSumProps {
  readonly sum: Sums['sums'][number];
  readonly from: string | undefined;
  readonly at: string | undefined;
  readonly version: unknown;
}

const OneSum = ({ sum, from, at, version }: OneSumProps) => {
  const [open, setOpen] = useState<string | null>(null);
  const idOf = (term: SumTerm): string => `ids-${sum.name}-${term.name}`.replaceAll(/[^\w-]+/g, '-');
  const nameOf = (term: SumTerm) =>
    term.ids
      ? html`<button
          class="link"
          type="button"
          aria-expanded=${String(open === term.name)}
          aria-controls=${idOf(term)}
          onClick=${() => setOpen(open === term.name ? null : term.name)}
        >
          ${term.name}
        </button>`
      : term.name;
  const below = (term: SumTerm) =>
    open === term.name && term.ids
      ? html`<${TermIds} id=${idOf(term)} sum=${sum.name} term=${term.name} version=${version} />`
      : null;
  return html`
    <${SumTable} sum=${sum} from=${from} at=${at} nameOf=${nameOf} below=${below} />
    ${
      sum.why === null && sum.note === ''
        ? null
        : html`<p class="small ${sum.offBy === null || sum.why === null ? 'quiet' : 'bad'} sum-note">
            ${[sum.why, sum.note].filter((part) => part !== null && part !== '').join('; ')}.
          </p>`
    }
  `;
};

interface TermIdsProps {
  readonly id: string;
  readonly sum: string;
  readonly term: string;
  readonly version: unknown;
}

const TermIds = ({ id, sum, term, version }: TermIdsProps) => {
  const [isAll, setAll] = useState(false);
  const path = `/api/sums/${encodeURIComponent(sum)}/${encodeURIComponent(term)}${isAll ? '?all=true' : ''}`;
  const { value, problem } = useFetched<SumIds>(path, version);
  const more = value !== null && value.total > value.ids.length;
  return html`<tr id=${id}>
    <td class="ids" colspan="3">
      ${problem !== null ? problem : value === null ? '…' : html`${value.of} ${linksOf(value)}`}
      ${
        more && !isAll
          ? html`, …
              <button class="link" type="button" onClick=${() => setAll(true)}>
                all ${format.count(value.total)}
              </button>`
          : null
      }
      ${more && isAll ? `, and ${format.count(value.total - value.ids.length)} more that are not listed` : null}
    </td>
  </tr>`;
};

const linksOf = ({ of, ids }: SumIds) =>
  ids.map(
    (id, index) =>
      html`${index === 0 ? '' : ', '}<a
          key=${id}
          href=${of === 'orders' ? hrefTo('order', [id]) : hrefTo('stream', [id])}
          >${of === 'orders' ? id : id.slice(0, 8)}</a
        >`,
  );

/** Green only for what was checked, and never for nothing. */
const Verdict = ({ sums, from }: { readonly sums: Sums; readonly from: string | undefined }) => {
  const { lost, violations, passAtMs } = sums;
  const isOfNothing = isNothing(sums.sums);
  if (from !== undefined || isOfNothing) {
    const what = `lost ${format.count(lost)}, violations ${violationsText(sums)}`;
    return html`<div class="verdict">
      <span class="quiet small">${what}${isOfNothing ? ', of nothing yet' : `: ${from}`}</span>
    </div>`;
  }
  return html`<div class="verdict">
    <${Judged} name="lost" count=${lost} />
    <${Judged} name="violations" count=${violations} text=${violationsText(sums)} />
    <span class="quiet small">full pass ${format.time(passAtMs)}</span>
  </div>`;
};

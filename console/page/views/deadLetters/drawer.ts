import { useEffect, useRef } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { Job, Letter } from '../../../deadLetterContract.ts';
import { html } from '../../html.ts';
import { Problem } from '../../parts/problem.ts';
import type { Fetched } from '../../parts/useFetched.ts';
import { type DeadLetterRoute, hrefOf, type Panel, PANELS } from './deadLetterRoute.ts';
import { DiscardPanel } from './discardPanel.ts';
import { DryRunPanel } from './dryRunPanel.ts';
import { EditPanel } from './editPanel.ts';
import { JobPanel } from './jobPanel.ts';
import { LetterPanel } from './letterPanel.ts';
import { ResolvePanel } from './resolvePanel.ts';
import {
  idOf,
  nameSelection,
  sayExpired,
  saySelection,
  type Selected,
  type Selection,
  targetOf,
  toLetterSelection,
} from './selection.ts';
import { FINDINGS, shortId } from './reasons.ts';

interface DrawerProps {
  readonly place: Place;
  readonly isLive: boolean;
  readonly route: DeadLetterRoute;
  readonly letter: Fetched<Letter>;
  readonly selection: Selection;
  readonly job: Job | null;
  readonly onStarted: (job: Job) => void;
  readonly onDone: (sentence: string) => void;
}

const TITLES: Readonly<Record<Panel, string>> = {
  letter: 'Letter',
  edit: 'Edit',
  resolve: 'Resolve',
  'dry-run': 'Dry run',
  redrive: 'Redrive',
  discard: 'Discard',
};
const OF_LETTER: readonly Panel[] = ['letter', 'edit', 'resolve'];

/** What stands beside the list: the letter that is open, or what can be done with all that is selected. */
export const Drawer = (props: DrawerProps) => {
  const { route, letter, selection, job } = props;
  const target = targetOf(selection, route.letter);
  const at = panelOf(route, target, job);
  const title = useRef<HTMLHeadingElement>(null);
  const wasAt = useRef<string>(route.at);
  useEffect(() => {
    // On open the focus goes to the title, and not when the page is loaded with it.
    if (route.at === wasAt.current) return;
    wasAt.current = route.at;
    if (PANELS.some((panel) => panel === route.at)) title.current?.focus({ preventScroll: true });
  }, [route.at, route.letter]);
  const reason = letter.value?.row.reason ?? '';
  return html`
    <aside class="pane drawer scroll" tabindex="0" aria-label="Action">
      <p class="back"><a href=${hrefOf({ ...route, at: 'list' })}>All letters</a></p>
      <nav class="tabs" aria-label="Panels">
        <span class="quiet small">${sayTarget(route.letter, selection)}</span>
        ${
          route.letter === ''
            ? null
            : OF_LETTER.filter((panel) => panel !== 'resolve' || FINDINGS.includes(reason)).map((panel) =>
                tab(panel, at, route),
              )
        }
        ${target.by === 'none' ? null : [tab('dry-run', at, route), tab('discard', at, route)]}
        ${job === null ? null : tab('redrive', at, route, job.action === 'redrive' ? 'Redrive' : 'Progress')}
      </nav>
      <h2 class="sr" tabindex="-1" ref=${title}>${at === undefined ? 'Nothing is open' : TITLES[at]}</h2>
      <${PanelBody} ...${props} at=${at} target=${target} />
    </aside>
  `;
};

/** Whose panels these are. */
const sayTarget = (letter: string, selection: Selection) => {
  if (letter !== '') return html`<code>${shortId(idOf(letter))}</code>`;
  return selection.by === 'none' ? '' : saySelection(selection).count;
};

const tab = (panel: Panel, at: Panel | undefined, route: DeadLetterRoute, title = TITLES[panel]) =>
  html`<a
    key=${panel}
    href=${hrefOf({ ...route, at: panel })}
    aria-current=${panel === at ? 'page' : undefined}
    >${title}</a
  >`;

/** Without a panel in the route: the letter, the dry run of what is selected, or what runs. */
const panelOf = ({ at, letter }: DeadLetterRoute, target: Selection, job: Job | null): Panel | undefined => {
  const named = PANELS.find((panel) => panel === at);
  if (named !== undefined) return named;
  if (target.by !== 'none') return letter !== '' ? 'letter' : 'dry-run';
  return job === null ? undefined : 'redrive';
};

const discardCommandOf = (target: Selected): string =>
  target.by === 'places'
    ? `npx tally dlq discard ${[...new Set(target.places.map(idOf))].join(' ')}`
    : target.discard;

const PanelBody = (props: DrawerProps & { readonly at: Panel | undefined; readonly target: Selection }) => {
  const { place, isLive, route, letter, job, onStarted, onDone, at, target } = props;
  if (at === undefined) {
    return html`<div class="sec">
      <p class="quiet">Open a letter, or select some: <kbd>x</kbd> one, <kbd>Shift x</kbd> all that fit.</p>
    </div>`;
  }
  if (at === 'redrive')
    return html`<${JobPanel} place=${place} job=${job} isLive=${isLive} onStarted=${onStarted} />`;
  if (at === 'dry-run' || at === 'discard') {
    if (target.by === 'none') return html`<div class="sec"><p>Nothing is selected.</p></div>`;
    const selection = toLetterSelection(target);
    return at === 'dry-run'
      ? html`<${DryRunPanel}
          place=${place}
          isLive=${isLive}
          route=${route}
          selection=${selection}
          count=${target.count}
          onStarted=${onStarted}
        />`
      : html`<${DiscardPanel}
          key=${route.letter}
          place=${place}
          isLive=${isLive}
          selection=${selection}
          count=${target.count + target.expired}
          isExact=${target.isExact}
          named=${nameSelection(target) + sayExpired(target.expired)}
          command=${discardCommandOf(target)}
          cancelHref=${hrefOf({ ...route, at: 'list' })}
          onStarted=${onStarted}
        />`;
  }
  if (letter.problem !== null && letter.value === null) {
    return html`<div class="sec"><${Problem} title="The letter cannot be shown" fetched=${letter} /></div>`;
  }
  if (letter.value === null)
    return html`<div class="sec"><p class="quiet">${letter.isSlow ? '…' : ''}</p></div>`;
  if (at === 'edit') {
    return html`<${EditPanel}
      key=${route.letter}
      place=${place}
      letter=${letter.value}
      isLive=${isLive}
      onDone=${onDone}
    />`;
  }
  return at === 'resolve'
    ? html`<${ResolvePanel}
        key=${route.letter}
        place=${place}
        isLive=${isLive}
        letter=${letter.value}
        onDone=${onDone}
      />`
    : html`<${LetterPanel} letter=${letter.value} route=${route} />`;
};

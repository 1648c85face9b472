import { useEffect, useRef, useState } from 'preact/hooks';
import type { HistoryLine, Job, Letter, LetterPage } from '../../../deadLetterContract.ts';
import { goTo } from '../../frame/route.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { Mark } from '../../parts/mark.ts';
import { Problem } from '../../parts/problem.ts';
import { type Fetched, useFetched } from '../../parts/useFetched.ts';
import { useTick } from '../../parts/useTick.ts';
import type { Live, ViewProps } from '../../view.ts';
import { type DeadLetterRoute, hrefOf, pathOf, readDeadLetterRoute } from './deadLetterRoute.ts';
import { Drawer } from './drawer.ts';
import { FilterBar } from './filterBar.ts';
import { GroupsPane } from './groupsPane.ts';
import { LettersPane } from './lettersPane.ts';
import { sayEnd } from './sayEnd.ts';
import { NOTHING, type Selection } from './selection.ts';
import { useJob } from './useJob.ts';
import { useLetterKeys } from './useLetterKeys.ts';
import { useStillRows } from './useStillRows.ts';

/** The states of the rows that are shown are looked up so often. */
const ASK_EVERY_MS = 3_000;
/** Before the first count there is nothing to see, so it is asked for more often. */
const ASK_FIRST_EVERY_MS = 500;
/** Before this, it need not be said that the dead letters are counted again. */
const LONG_MS = 10_000;

export const DeadLetters = ({ place, live, actions, path, query }: ViewProps) => {
  const route = readDeadLetterRoute(path, query);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const { fetched, history, letter, job, setJob } = useAnswers(route, live);
  const page = useLast(fetched.value);
  // While another list is asked for, the last one is shown, and it says nothing of what fits the filter now.
  const isOld = fetched.value === null;
  const { rows, isOther, showFresh } = useStillRows(fetched.value, pathOf(route));
  useEffect(() => setSelection(NOTHING), [JSON.stringify(route.filter)]);
  useLetterKeys({ route, page: fetched.value, rows, selection, setSelection });
  useEndOfJob(job, actions.announce);

  const started = (next: Job): void => {
    setJob(next);
    // The letter that is open was acted on, and not what is selected.
    if (route.letter === '') setSelection(NOTHING);
    goTo(hrefOf({ ...route, at: 'redrive' }));
  };
  const done = (sentence: string): void => {
    fetched.again();
    letter.again();
    actions.announce(sentence);
  };
  const at = route.at === 'groups' || route.at === 'list' ? route.at : 'panel';
  return html`
    <div class="view full" id="v-dead-letters">
      <${Lead} route=${route} page=${page} live=${live} problem=${fetched.problem} />
      ${
        page === null || page.countedAtMs === null
          ? html`<${NothingYet} fetched=${fetched} page=${page} />`
          : html`<div class="dl3" data-at=${at}>
              <${GroupsPane} route=${route} page=${page} history=${history} />
              <${LettersPane}
                route=${route}
                page=${page}
                isOld=${isOld}
                rows=${rows}
                isOther=${isOther}
                onShowFresh=${showFresh}
                selection=${selection}
                onSelect=${setSelection}
                job=${job}
              />
              <${Drawer}
                place=${place}
                isLive=${live.state === 'live'}
                route=${route}
                letter=${letter}
                selection=${selection}
                job=${job}
                onStarted=${started}
                onDone=${done}
              />
            </div>`
      }
    </div>
  `;
};

/** All that the view shows, asked for again every few seconds and when the server says that it changed. */
const useAnswers = (route: DeadLetterRoute, { frame }: Live) => {
  const versions = frame?.versions;
  const [isCounted, setCounted] = useState(false);
  const version = `${versions?.deadLetters ?? 0}-${useTick(isCounted ? ASK_EVERY_MS : ASK_FIRST_EVERY_MS)}`;
  const fetched = useFetched<LetterPage>(pathOf(route), version);
  useEffect(() => setCounted((fetched.value?.countedAtMs ?? null) !== null), [fetched.value]);
  const { job, setJob } = useJob(versions?.jobs);
  const { value: history } = useFetched<readonly HistoryLine[]>(
    '/api/dead-letters/history',
    `${version}-${job?.state}`,
  );
  const letterPath =
    route.letter === '' ? null : `/api/dead-letters/letter?${new URLSearchParams({ place: route.letter })}`;
  const letter = useFetched<Letter>(letterPath, `${version}-${job?.endedAtMs}`);
  return { fetched, history, letter, job, setJob };
};

interface LeadProps {
  readonly route: DeadLetterRoute;
  readonly page: LetterPage | null;
  readonly live: Live;
  readonly problem: string | null;
}

const Lead = ({ route, page, live, problem }: LeadProps) => {
  const noAnswer = live.state === 'live' ? (problem ?? page?.problem ?? null) : null;
  return html`<div class="lead">
    <div class="head">
      <h1>Dead letters</h1>
      <span class="quiet small" id="dl-counted">${sayCounted(page, live.state === 'lost')}</span>
    </div>
    ${
      noAnswer === null || page === null || page.countedAtMs === null
        ? null
        : html`<p class="small">
            <${Mark} shape="bad"
              >${`No answer: ${noAnswer}. What is shown is from ${format.time(page.atMs)}.`}<//
            >
          </p>`
    }
    <${FilterBar} route=${route} />
  </div>`;
};

const NothingYet = ({ fetched, page }: { fetched: Fetched<LetterPage>; page: LetterPage | null }) =>
  (page?.problem ?? fetched.problem) !== null
    ? html`<div class="dl-problem">
        <${Problem}
          title="The dead letters cannot be read"
          fetched=${{ ...fetched, problem: page?.problem ?? fetched.problem }}
        />
      </div>`
    : html`<p class="quiet dl-problem">${fetched.isSlow || page !== null ? '…' : ''}</p>`;

const sayCounted = (page: LetterPage | null, isLost: boolean): string => {
  if (page === null) return '';
  if (page.countedAtMs === null && page.problem !== null) return 'Not counted yet.';
  if (page.countedAtMs === null) return `Counting: ${format.count(page.reading)} read.`;
  const open =
    page.open === null
      ? `${format.count(page.all)} recorded; open ones are being counted, ${format.count(page.lookedAt)} looked at`
      : `${format.count(page.open)} open of ${format.count(page.all)} recorded`;
  const again =
    page.reading === null || isLost || page.atMs - page.countedAtMs < LONG_MS ? '' : ' Counting again.';
  return `${open}. Counted from the ledger ${sayWhen(page)}${isLost ? '' : '; the rows shown, now'}.${again}`;
};

/** Of many, the ledgers are read one after the other, so the open ones are not of one moment. */
const sayWhen = ({ countedAtMs, lookedSinceMs }: LetterPage): string => {
  const isOfLongAgo = countedAtMs !== null && lookedSinceMs !== null && countedAtMs - lookedSinceMs > LONG_MS;
  return isOfLongAgo
    ? `${format.time(lookedSinceMs)} to ${format.time(countedAtMs)}`
    : format.time(countedAtMs);
};

/** The last value that came, while another one is asked for. */
const useLast = <Value>(value: Value | null): Value | null => {
  const last = useRef<Value | null>(null);
  if (value !== null) last.current = value;
  return last.current;
};

/** A screen reader hears how a job ended, once, and only when the page saw it run. */
const useEndOfJob = (job: Job | null, announce: (sentence: string) => void): void => {
  const running = useRef<string | null>(null);
  useEffect(() => {
    if (job === null) return;
    if (job.endedAtMs === null) running.current = job.id;
    else if (running.current === job.id) {
      running.current = null;
      announce(`${sayEnd(job)}.`);
    }
  }, [job?.id, job?.endedAtMs]);
};

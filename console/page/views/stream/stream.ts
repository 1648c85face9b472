import { useEffect, useRef } from 'preact/hooks';
import type { MessageAnswer, StreamFilter } from '../../../contract.ts';
import { goTo, hrefTo } from '../../frame/route.ts';
import { useKey } from '../../frame/keys.ts';
import { html } from '../../html.ts';
import { format } from '../../parts/format.ts';
import { orderVersion } from '../../parts/orderVersion.ts';
import { useFetched } from '../../parts/useFetched.ts';
import { useFocusBack } from '../../parts/useFocusBack.ts';
import type { PageActions, ViewProps } from '../../view.ts';
import { Drawer } from './drawer.ts';
import { FilterBar } from './filterBar.ts';
import { mayChange } from './mayChange.ts';
import { MessageList, type MessageListProps } from './messageList.ts';
import { samplingSentence } from './samplingSentence.ts';
import { filterQuery, isEverything, readFilter } from './readFilter.ts';
import { ToldList } from './toldList.ts';
import { useAskAgain } from './useAskAgain.ts';
import { useUnlisted } from './useUnlisted.ts';

export const Stream = (props: ViewProps) => {
  const { place, live, actions, path, query } = props;
  const filter = readFilter(query);
  const filterText = JSON.stringify(filter);
  const isFiltered = !isEverything(filter);
  const openKey = path[0];
  const row = live.rows.find(({ key }) => key === openKey);
  const order = row?.orderId ?? query.get('order');
  const fetched = useFetched<MessageAnswer>(
    openKey === undefined
      ? null
      : `/api/messages/${encodeURIComponent(openKey)}${order === null ? '' : `?order=${encodeURIComponent(order)}`}`,
    `${orderVersion(live.rows, order)} ${row === undefined ? '' : `${row.outcome} ${row.attempts.failed} ${row.attempts.isAcked} ${row.note}`}`,
  );
  useAskAgain(fetched, fetched.value !== null && mayChange(fetched.value));
  const openRow = row ?? fetched.value?.message ?? undefined;
  const unlisted = useUnlisted(live.frame, filterText);
  useFilter(isFiltered ? filter : undefined, filterText, actions);
  const close = (): void => goTo(hrefTo('stream', [], filterQuery(filter)));
  useKey('Escape', () => {
    if (openKey !== undefined) close();
  });
  useFocusBack(openKey, (key) => `#v-stream [data-key="${key}"]`);
  const { lead, rest } = samplingSentence({
    isLocal: place.isLocal,
    isFiltered,
    sampling: live.frame?.sampling,
    unlisted,
  });
  return html`<div class="view full ${openKey === undefined ? '' : 'over-d'}" id="v-stream">
    <div class="lead">
      <div class="head">
        <h1>Stream</h1>
        ${place.isLocal ? html`<${PauseButton} live=${live} actions=${actions} />` : null}
      </div>
      <${FilterBar} filter=${filter} openKey=${openKey} rates=${live.frame?.figures.outcomes} />
      <p class="say">${lead === '' ? null : html`<b>${lead}</b> `}${rest}</p>
    </div>
    <div class="split ${openKey === undefined ? 'shut' : ''}">
      <${List} view=${props} filter=${filter} openKey=${openKey} openRow=${openRow} />
      ${
        openKey === undefined
          ? null
          : html`<${Drawer}
              key=${openKey}
              messageKey=${openKey}
              fetched=${fetched}
              nowMs=${live.frame?.atMs ?? 0}
              backHref=${hrefTo('stream', [], filterQuery(filter))}
              onClose=${close}
            />`
      }
    </div>
  </div>`;
};

/** What is seen as it comes; elsewhere, what the tables have by time. */
const List = (props: MessageListProps) =>
  props.view.place.isLocal
    ? html`<${MessageList} key=${JSON.stringify(props.filter)} ...${props} />`
    : html`<div class="pane list scroll" tabindex="0" role="region" aria-label="Dead letters, newest first">
        <${ToldList} filter=${props.filter} version=${props.view.live.frame?.versions.deadLetters} />
      </div>`;

/** What comes can be paused; what the tables have stands still anyway. */
const PauseButton = ({ live, actions }: Pick<ViewProps, 'live' | 'actions'>) =>
  html`<span class="act"
    ><button type="button" aria-pressed=${String(live.isPaused)} onClick=${actions.togglePause}>
      ${live.isPaused ? `Go on, ${format.count(live.heldRows)} new` : 'Pause'}
      <kbd aria-hidden="true">Space</kbd>
    </button></span
  >`;

/** Asks the server for what fits. The other views are about everything. */
const useFilter = (filter: StreamFilter | undefined, text: string, actions: PageActions): void => {
  // A connection is opened anew for another filter only.
  const asked = useRef<StreamFilter | undefined>(undefined);
  const ask = (next: StreamFilter | undefined): void => {
    if (next !== undefined || asked.current !== undefined) actions.setFilter(next);
    asked.current = next;
  };
  useEffect(() => ask(filter), [text]);
  useEffect(() => () => ask(undefined), []);
};

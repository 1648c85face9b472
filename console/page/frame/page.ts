import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Place } from '../../contract.ts';
import { html } from '../html.ts';
import { Blank } from '../parts/blank.ts';
import { sumsFrom } from '../parts/sumsTime.ts';
import type { PageActions, View } from '../view.ts';
import { createAnnouncer } from './announcer.ts';
import { createLive, NOTHING_YET } from './createLive.ts';
import { Header } from './header.ts';
import { KeysDialog } from './keysDialog.ts';
import { keys } from './keys.ts';
import { PageKeys } from './pageKeys.ts';
import { readRoute } from './route.ts';
import { StatusLine } from './statusLine.ts';
import { Strips } from './strips.ts';
import { useNews } from './useNews.ts';
import { useView } from './useView.ts';

interface PageProps {
  readonly place: Place;
  /** All of them; those that are only for a local system are left out elsewhere. */
  readonly views: readonly [View, ...View[]];
}

/** The frame around the views. Only the view that is shown is in the document. */
export const Page = ({ place, views: all }: PageProps) => {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  const [live, setLive] = useState(NOTHING_YET);
  const [said, setSaid] = useState('');
  const [areKeysShown, showKeys] = useState(false);
  const main = useRef<HTMLElement>(null);
  const showAllKeys = useMemo(() => () => showKeys(true), []);

  const { actions, stop } = useMemo(() => {
    const { announce } = createAnnouncer(setSaid);
    const { stop: stopLive, ...rest } = createLive(place.startedAtMs, setLive);
    const made: PageActions = { ...rest, announce };
    return { actions: made, stop: stopLive };
  }, []);
  useEffect(() => {
    const onHash = (): void => setRoute(readRoute(location.hash));
    addEventListener('hashchange', onHash);
    const deafen = keys.listen();
    return () => {
      removeEventListener('hashchange', onHash);
      deafen();
      stop();
    };
  }, []);
  useNews(live, actions.announce);
  useEffect(() => {
    // For the style sheets: what is not live is grey.
    document.body.dataset.live = live.state;
  }, [live.state]);

  const views = useMemo(() => all.filter(({ isLocalOnly = false }) => place.isLocal || !isLocalOnly), [all]);
  const view = views.find(({ name }) => name === route.name) ?? all[0];
  const { Component, problem, again } = useView(view, views);
  useFocusOnNewView(view, Component !== undefined || problem !== null, place, main);

  return html`
    <${SkipLink} main=${main} />
    <${Header}
      place=${place}
      views=${views}
      current=${view}
      sums=${live.sums}
      from=${sumsFrom(live)}
      actions=${actions}
      onKeys=${showAllKeys}
    />
    <${Strips} place=${place} live=${live} actions=${actions} />
    <main ref=${main} id="main" tabindex="-1">
      ${
        Component === undefined
          ? html`<${NotFetched} problem=${problem} again=${again} />`
          : html`<${Component}
              key=${view.name}
              place=${place}
              live=${live}
              actions=${actions}
              path=${route.path}
              query=${route.query}
            />`
      }
    </main>
    <${StatusLine} place=${place} live=${live} />
    <div class="sr" role="status">${said}</div>
    <${PageKeys} onKeys=${showAllKeys} onPause=${actions.togglePause} />
    ${areKeysShown ? html`<${KeysDialog} views=${views} onClose=${() => showKeys(false)} />` : null}
  `;
};

interface NotFetchedProps {
  readonly problem: string | null;
  readonly again: () => void;
}

/** Nothing, for the moment that a view takes to come. */
const NotFetched = ({ problem, again }: NotFetchedProps) =>
  problem === null
    ? null
    : html`<div class="view">
        <${Blank} title="This view cannot be loaded" shape="bad">
          <p>${problem}</p>
          <p><button type="button" onClick=${again}>Look again</button></p>
        <//>
      </div>`;

interface MainRef {
  readonly current: HTMLElement | null;
}

/** The hash is the route, so a plain link to `#main` would leave the view. */
const SkipLink = ({ main }: { readonly main: MainRef }) => {
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    main.current?.focus();
  };
  return html`<a class="skip" href="#main" onClick=${skip}>Skip to content</a>`;
};

/**
 * A new view begins at its top, with the focus in it, as soon as there is something of it to read. Neither
 * the first one nor a part of one moves it.
 */
const useFocusOnNewView = (view: View, isThere: boolean, place: Place, main: MainRef): void => {
  const shown = useRef(view);
  useEffect(() => {
    if (!isThere) return;
    document.title = `${view.title} · Tally (${place.environment})`;
    if (shown.current === view) return;
    shown.current = view;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
    document.querySelector('.nav a[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [view, isThere]);
};

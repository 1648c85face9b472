import { render } from 'preact';
import type { Place } from '../contract.ts';
import { get } from './api.ts';
import { openClickedRow } from './frame/openClickedRow.ts';
import { Page } from './frame/page.ts';
import { html } from './html.ts';
import type { View } from './view.ts';

/** In the order of the navigation. The first one is shown when the address names none. */
const VIEWS: readonly [View, ...View[]] = [
  {
    name: 'overview',
    title: 'Overview',
    load: async () => (await import('./views/overview/overview.ts')).Overview,
  },
  {
    name: 'stream',
    title: 'Stream',
    load: async () => (await import('./views/stream/stream.ts')).Stream,
  },
  {
    name: 'dead-letters',
    title: 'Dead letters',
    load: async () => (await import('./views/deadLetters/deadLetters.ts')).DeadLetters,
  },
  {
    name: 'order',
    title: 'Orders',
    load: async () => (await import('./views/orders/orders.ts')).Orders,
  },
  {
    name: 'send',
    title: 'Send',
    isLocalOnly: true,
    load: async () => (await import('./views/send/send.ts')).Send,
  },
  {
    name: 'faults',
    title: 'Faults',
    isLocalOnly: true,
    load: async () => (await import('./views/faults/faults.ts')).Faults,
  },
];

const root = document.getElementById('page');
if (root === null) throw new Error('expected an element with the id "page" in index.html');
const place = await get<Place>('/api/place');
addEventListener('click', openClickedRow);
render(html`<${Page} place=${place} views=${VIEWS} />`, root);

import { render } from 'preact';
import type { Place } from '../contract.ts';
import { get } from './api.ts';
import { Page } from './frame/page.ts';
import { html } from './html.ts';
import { deadLetters } from './views/deadLetters/deadLetters.ts';
import { faults } from './views/faults/faults.ts';
import { orders } from './views/orders/orders.ts';
import { overview } from './views/overview/overview.ts';
import { send } from './views/send/send.ts';
import { stream } from './views/stream/stream.ts';

/** In the order of the navigation. The first one is shown when the address names none. */
const VIEWS = [overview, stream, deadLetters, orders, send, faults] as const;

const root = document.getElementById('page');
if (root === null) throw new Error('expected an element with the id "page" in index.html');
const place = await get<Place>('/api/place');
render(html`<${Page} place=${place} views=${VIEWS} />`, root);

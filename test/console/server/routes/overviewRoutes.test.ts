import { expect, it } from 'vitest';
import { createQuietFeed } from '../../../../console/feed/quietFeed.ts';
import { overviewRoutes } from '../../../../console/server/routes/overviewRoutes.ts';
import { createQuietSums } from '../../../../console/sums/quietSums.ts';
import { callRoute } from '../../../support/console/callRoute.ts';

const routes = overviewRoutes({ feed: createQuietFeed(() => 1_000), sums: createQuietSums() });

it.each([
  ['/api/history?since=0x10', { since: 'expected milliseconds since 1970' }],
  ['/api/history?since=', { since: 'expected milliseconds since 1970' }],
  ['/api/sums/orders/paid?limit=0x10', { limit: 'expected a whole number from 1 to 1000' }],
  ['/api/sums/orders/paid?limit=%20', { limit: 'expected a whole number from 1 to 1000' }],
])('refuses %s', async (path, fields) => {
  expect(await callRoute(routes, 'GET', path)).toMatchObject({ status: 422, value: { fields } });
});

it('tells the history since a moment, and all of it when none is named', async () => {
  for (const query of ['', '?since=1000'])
    expect(await callRoute(routes, 'GET', `/api/history${query}`)).toMatchObject({ status: 200 });
});

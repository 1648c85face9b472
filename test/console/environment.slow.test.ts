import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCloudFeed } from '../../console/cloud/createCloudFeed.ts';
import { createCloudSums } from '../../console/cloud/createCloudSums.ts';
import type { Sums } from '../../console/contract.ts';
import { describeTopology } from '../../console/describeTopology.ts';
import type { Feed } from '../../console/feed/feed.ts';
import { QUIET_FRAME } from '../../console/feed/quietFeed.ts';
import { startConsole } from '../../console/startConsole.ts';
import { NOTHING_YET, type SumsSource } from '../../console/sums/liveSums.ts';
import { findFreePort } from '../../local/ports.ts';
import { until } from '../../proof/until.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { auditLine } from '../support/console/auditLine.ts';
import { chromium } from '../support/console/chromium.ts';
import { openBrowser, type TestBrowser } from '../support/console/openBrowser.ts';

const HOUR_MS = 3_600_000;
const COUNTED_AT_MS = Date.now() - 5 * HOUR_MS;

let browser: TestBrowser;
let stops: (() => Promise<void>)[];
const open = async (isLocal: boolean, feed: Feed, sums: SumsSource): Promise<Page> => {
  const { url, stop } = await startConsole(
    {
      place: {
        environment: isLocal ? 'local' : 'staging',
        isLocal,
        project: 'p',
        keyspace: 'k',
        cluster: 'c',
        pubsub: 'Google Cloud',
        startedAtMs: Date.now(),
        topology: describeTopology(),
      },
      store: createMemoryStore(),
      publisher: { publish: () => Promise.reject(new Error('nothing is published here')) },
      operator: 'test',
      feed,
      sums,
      clock: Date.now,
      local: undefined,
    },
    await findFreePort(),
  );
  stops.push(stop);
  return (await browser.open(url)).page;
};
const tileOf = (page: Page, name: string) =>
  page.locator('.tiles > div').filter({ has: page.getByText(name, { exact: true }) });
const untilTile = (page: Page, name: string, text: RegExp) =>
  until(`${name}: ${text}`, async () => text.test((await tileOf(page, name).textContent()) ?? ''));

describe.skipIf(chromium === undefined)('the page without a system of its own', () => {
  beforeAll(async () => {
    stops = [];
    browser = await openBrowser();
  });
  afterEach(async () => {
    await browser.closePages();
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });
  afterAll(() => browser.close());

  it('shows the sums of an environment with their time, and says why there are no rates', async () => {
    const read = Promise.withResolvers<undefined>();
    const sums = createCloudSums({
      readPass: async () => {
        await read.promise;
        const lines = [auditLine({ pass_finished: true, atMs: COUNTED_AT_MS })];
        return { lines, finishedAtMs: COUNTED_AT_MS, isCut: false };
      },
      clock: Date.now,
    });
    const feed = createCloudFeed({
      readFigures: () => Promise.reject(new Error('monitoring answered 403')),
      sumsVersion: sums.version,
      clock: Date.now,
    });
    stops.push(feed.stop, sums.stop);

    const page = await open(false, feed, sums);
    await untilTile(page, 'Waiting', /…counting/);
    read.resolve(undefined);

    await untilTile(page, 'Waiting', /2oldest 1 minfrom .*\d\d:\d\d:\d\d$/);
    await untilTile(page, 'End to end, p50 p95 p99', /–not known here/);
    await page.getByText(/^added up at /).waitFor();
    await page.getByText(/^Audit: 0 violations, /).waitFor();
    await page.getByText('Rates are not known').waitFor();
    await page.getByText('monitoring answered 403').waitFor();
  });

  it('keeps the last numbers of tables that cannot be read, with their time and the ages of then', async () => {
    let problem: string | null = null;
    let version = 1;
    const sums = (): Sums => ({
      ...NOTHING_YET,
      countedAtMs: COUNTED_AT_MS,
      passAtMs: COUNTED_AT_MS,
      progress: null,
      waiting: { count: 2, oldestMs: COUNTED_AT_MS - 2 * HOUR_MS },
      needsPerson: [{ reason: 'conflict', open: 3, what: '', oldestMs: COUNTED_AT_MS - HOUR_MS }],
      problem,
    });
    const next = () => ({
      ...QUIET_FRAME,
      atMs: Date.now(),
      versions: { ...QUIET_FRAME.versions, sums: version },
    });
    const feed: Feed = {
      open: () => ({ next, close: () => {} }),
      messageOf: () => undefined,
      history: () => ({ stepMs: 2_000, points: [], outages: [] }),
    };

    const page = await open(true, feed, { sums, ids: () => undefined, again: () => {} });
    await untilTile(page, 'Waiting', /2oldest 2 h$/);
    [problem, version] = ['no host', 2];

    await untilTile(page, 'Waiting', /2oldest 2 hfrom .*\d\d:\d\d:\d\d$/);
    await untilTile(page, 'Findings', /from /);
    await untilTile(page, 'Dead letters', /from /);
    const person = page.getByRole('region', { name: 'Needs a person' });
    expect(await person.textContent()).toMatch(/Needs a person\s*from .*conflict.*1 h/s);
    const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Dead letters' });
    expect(await link.textContent()).toMatch(/^Dead letters3 need a person, from .*\d\d:\d\d:\d\d$/);
  });
});

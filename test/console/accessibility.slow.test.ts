import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';

/** Every view, and every part of one that has an address. */
const PLACES = [
  'overview',
  'stream',
  'order',
  'order/17',
  'send',
  'faults',
  'dead-letters',
  ...['letter', 'edit', 'dry-run', 'redrive', 'discard', 'history'].map((part) => `dead-letters/${part}`),
];
const WIDTHS = [1440, 360];
const SCHEMES = ['light', 'dark'] as const;
const SHOP = {
  preset: 'shop',
  orders: 300,
  early: 0.3,
  missing: 0.05,
  doublePaid: 0.05,
  malformed: 0.05,
  seed: 1,
};

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

describe.skipIf(!canShowPage)('accessibility, judged by axe', { timeout: 300_000 }, () => {
  const { system, browser } = setUpPage();
  let axe: string;
  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });

  /** What axe finds, of any impact. */
  const judge = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(axe);
    const violations = await page.evaluate<Violation[]>(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    );
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  };
  /** The same at both widths and in both themes. @returns by look, only those with something. */
  const judgeLooks = async (page: Page, where: string): Promise<Record<string, readonly string[]>> => {
    const found: Record<string, readonly string[]> = {};
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        const violations = await judge(page);
        if (violations.length > 0) found[`${where}, ${width} px, ${colorScheme}`] = violations;
      }
    }
    return found;
  };
  const judgePlaces = async (page: Page): Promise<Record<string, readonly string[]>> => {
    const found: Record<string, readonly string[]> = {};
    for (const place of PLACES) {
      await page.evaluate(`location.hash = '${place}'`);
      await page.locator(`.nav a[href="#${place.split('/')[0]}"][aria-current]`).waitFor();
      // Nothing is asked for any more.
      await page.locator('main').getByText('…', { exact: true }).waitFor({ state: 'detached' });
      Object.assign(found, await judgeLooks(page, place));
    }
    return found;
  };

  it('finds nothing in any place while nothing has come', async () => {
    const { page } = await browser().open(system().url);

    expect(await judgePlaces(page)).toEqual({});
  });

  it('finds nothing in any place with traffic', async () => {
    await system().tally(['simulate', '--request', JSON.stringify(SHOP)]);
    const { page } = await browser().open(system().url);
    await until('sums', async () => (await page.getByText('adds up').count()) > 0);

    expect(await judgePlaces(page)).toEqual({});
  });

  it('finds nothing in an open message, nor in an open order', async () => {
    const { page } = await browser().open(`${system().url}#stream`);
    await page.locator('main .rows tbody a').first().click();
    await page.locator('.drawer h2').first().waitFor();
    const found = await judgeLooks(page, 'a message');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator('.drawer a[href^="#order/"]').first().click();
    await page.locator('main h1').first().waitFor();

    expect({ ...found, ...(await judgeLooks(page, 'an order')) }).toEqual({});
  });

  it('finds nothing in the keys, nor when the page is not live', async () => {
    const { page } = await browser().open(system().url);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    const found = await judgeLooks(page, 'the keys');
    await page.keyboard.press('Escape');
    system().signal('SIGSTOP');
    await page.getByText('Not live', { exact: true }).waitFor();
    const later = await judgeLooks(page, 'not live');
    system().signal('SIGCONT');

    expect({ ...found, ...later }).toEqual({});
  });
});

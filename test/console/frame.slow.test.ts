import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';

describe.skipIf(!canShowPage)('the frame of the page', () => {
  const { system, browser } = setUpPage();

  const focused = (page: Page): Promise<string> => page.evaluate<string>(`document.activeElement?.id ?? ''`);
  const titled = (page: Page, view: string) =>
    until(`the title of ${view}`, async () => (await page.title()) === `${view} · Tally (local)`);
  const connection = (page: Page) => page.locator('.status').first();

  it('shows each view by its link, with its title, its focus and a way back', async () => {
    const { page, troubles } = await browser().open(system().url);
    await titled(page, 'Overview');

    for (const name of ['Stream', 'Dead letters', 'Orders', 'Send', 'Faults']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();

      await titled(page, name);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await focused(page)).toBe('main');
      expect(await page.locator('.nav a[aria-current="page"]').textContent()).toContain(name);
    }
    await page.goBack();
    await titled(page, 'Send');
    expect(troubles).toEqual([]);
  });

  it('gives a view its title and its focus when there is something of it to read', async () => {
    const { page } = await browser().open(`${system().url}#stream`);
    const asked = Promise.withResolvers<Route>();
    await page.route('**/views/faults/faults.ts', (route) => asked.resolve(route), { times: 1 });
    await page.reload();
    await titled(page, 'Stream');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Faults' }).click();
    const held = await asked.promise;
    expect(await page.title()).toBe('Stream · Tally (local)');

    await held.abort();
    await page.getByText('This view cannot be loaded').waitFor();
    await titled(page, 'Faults');
    expect(await focused(page)).toBe('main');

    const view = page.getByRole('heading', { level: 1, name: 'Faults' });
    // A second after its start, the page fetches each view by itself. On a busy machine that is now.
    await Promise.any([page.getByRole('button', { name: 'Look again' }).click(), view.waitFor()]);
    await view.waitFor();
  });

  it('says what it is connected to, and that it is live', async () => {
    const { page, troubles } = await browser().open(system().url);

    await page.getByText('Live', { exact: true }).waitFor();
    const said = await page.locator('.status').textContent();
    for (const word of ['project tally-test-', 'keyspace test_', 'Pub/Sub 127.0.0.1:'])
      expect(said).toContain(word);
    expect(await page.locator('.env').textContent()).toBe('Environment: local');
    expect(troubles).toEqual([]);
  });

  it('is worked with keys, which can be switched off, and which do nothing in fields', async () => {
    const { page, troubles } = await browser().open(system().url);

    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await titled(page, 'Stream');
    await page.keyboard.press('/');
    expect(await focused(page)).toBe('find');
    await page.keyboard.type('g o ?');
    expect(await page.title()).toContain('Stream');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.locator('#find').inputValue()).toBe('g o ?');

    await page.locator('#main').focus();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    await dialog.getByLabel('Single keys work').uncheck();
    await page.keyboard.press('Escape');
    await until('no dialog', async () => (await dialog.count()) === 0);

    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    expect(await dialog.count()).toBe(0);
    expect(await page.title()).toContain('Stream');
    await page.reload();
    await page.locator('h1').waitFor();
    await page.keyboard.press('?');
    expect(await dialog.count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('has a theme, which is kept and never flashes', async () => {
    const { page, troubles } = await browser().open(system().url, { colorScheme: 'dark' });
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(await paper()).toBe('rgb(21, 21, 20)');

    await page.getByRole('button', { name: 'Theme: system' }).click();

    expect(await paper()).toBe('rgb(251, 250, 248)');
    await page.reload({ waitUntil: 'commit' });
    await page.locator('body').waitFor({ state: 'attached' });
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.getByRole('button', { name: 'Theme: dark' }).click();
    expect(await paper()).toBe('rgb(21, 21, 20)');
    expect(troubles).toEqual([]);
  });

  it('says when it is not live, counts its age, and comes back by itself', async () => {
    const { page, troubles } = await browser().open(system().url);
    await page.getByText('Live', { exact: true }).waitFor();

    system().signal('SIGSTOP');
    await page.getByText('Not live', { exact: true }).waitFor({ timeout: 10_000 });
    const strip = page.getByRole('region', { name: 'Notices' });
    expect(await strip.textContent()).toContain('does not answer. Everything below is from');
    expect(await connection(page).textContent()).toMatch(/Not live since \d\d:\d\d:\d\d/);
    expect(await page.getByRole('status').textContent()).toContain('Not live');
    const age = async () => Number(/, (\d+) s ago/.exec((await strip.textContent()) ?? '')?.[1]);
    const first = await age();
    await until('an age that counts', async () => (await age()) > first);
    system().signal('SIGCONT');

    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => {
        // It is live again already.
      });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 });
    expect(await strip.textContent()).toBe('');
    expect(troubles).toEqual([]);
  });

  it('skips to the content without leaving the view', async () => {
    const { page } = await browser().open(`${system().url}#send`);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    expect(await focused(page)).toBe('main');
    expect(page.url()).toContain('#send');
  });

  it.for([320, 360, 720, 1000])(
    'scrolls not sideways at %i px in any view, and says what it is connected to',
    async (width) => {
      const { page, troubles } = await browser().open(system().url, { width, height: 700 });
      for (const view of ['overview', 'stream', 'dead-letters', 'order', 'send', 'faults']) {
        await page.evaluate(`location.hash = '${view}'`);
        await page.locator(`.nav a[href="#${view}"][aria-current]`).waitFor();

        expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, width]);
        expect(await page.getByText('keyspace test_').isVisible()).toBe(true);
      }
      expect(troubles).toEqual([]);
    },
  );

  it('keeps its shapes where the system chooses the colours', async () => {
    const { page } = await browser().open(system().url, { forcedColors: 'active' });

    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.locator('.status svg use').getAttribute('href')).toBe('#shape-ok');
    expect(await page.locator('.status svg').boundingBox()).toMatchObject({ width: 10, height: 10 });
  });
});

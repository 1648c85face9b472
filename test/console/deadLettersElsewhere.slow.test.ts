import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { QUIET_FRAME } from '../../console/feed/quietFeed.ts';
import { until } from '../../proof/until.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { chromium } from '../support/console/chromium.ts';
import { filterOf, openDeadLetterWorld, refusedOrder } from '../support/console/deadLetterWorld.ts';
import { openBrowser, type TestBrowser } from '../support/console/openBrowser.ts';
import { startTestConsole } from '../support/console/startTestConsole.ts';

const [FIRST, SECOND] = [refusedOrder(100), refusedOrder(101)];

describe.skipIf(chromium === undefined)('the view of dead letters beyond this machine', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  /** Dead letters in a store, a publisher that confirms only the first `sends`, and the page. */
  const open = async (letters = [FIRST, SECOND], { sends = Infinity } = {}) => {
    const store = createMemoryStore();
    for (const letter of letters) await store.recordDeadLetter(letter);
    const state = { sent: 0, sends };
    const publish = async (): Promise<string> => {
      if (state.sent >= state.sends) throw new Error('publish to orders_data was not confirmed');
      state.sent += 1;
      return String(state.sent);
    };
    const world = openDeadLetterWorld({ store, publisher: { publish } }, { isLocal: false });
    const next = () => ({ ...QUIET_FRAME, atMs: Date.now() });
    const server = await startTestConsole(world.routes, { next });
    onTestFinished(async () => {
      await server.stop();
      await world.close();
    });
    const { page } = await browser.open(`http://127.0.0.1:${server.port}/#dead-letters`);
    await page.getByText('Live', { exact: true }).waitFor();
    await until('the letters', async () => (await rows(page).count()) === letters.length);
    return { world, page, state };
  };
  const rows = (page: Page) => page.locator('#letters tbody tr');
  const short = ({ id }: { id: string }): string => id.slice(0, 8);
  /** Of the two letters, whether each is open. */
  const areOpen = async (world: ReturnType<typeof openDeadLetterWorld>): Promise<readonly boolean[]> => {
    const { rows: shown } = await world.untilPage('state=any', () => true);
    return [FIRST, SECOND].map(({ id }) => shown.find((row) => row.id === id)?.isOpen === true);
  };

  it.each(['the button', 'the key'])(
    'discards the letter that is open by %s in it, and not what is selected',
    async (way) => {
      const { world, page } = await open();
      await page.getByLabel(`Select ${short(FIRST)}`).check();
      await rows(page).nth(1).getByRole('link').click();
      await page.getByRole('heading', { name: 'Letter', exact: true }).waitFor();

      if (way === 'the key') await page.keyboard.press('d');
      else await page.locator('.drawer .acts').getByRole('link', { name: 'Discard…' }).click();
      await page.locator('.drawer').getByText('1 letter will no longer be open').waitFor();
      const drawer = await page.locator('.drawer').textContent();
      await page.getByLabel('reason', { exact: true }).fill('a test');
      await page.getByLabel('type 1').fill('1');
      await page.getByRole('button', { name: 'Discard 1 letter' }).click();
      await page.getByText('1 of 1 discarded').waitFor();

      expect(drawer).toContain(short(SECOND));
      expect(drawer).not.toContain(short(FIRST));
      expect(await areOpen(world)).toEqual([true, false]);
      expect(await page.locator('.selbar').textContent()).toContain('1 selected');
    },
  );

  it('discards what is selected by the bar of the selection, also while a letter is open', async () => {
    const { world, page } = await open();
    await page.getByLabel(`Select ${short(FIRST)}`).check();
    await rows(page).nth(1).getByRole('link').click();
    await page.getByRole('heading', { name: 'Letter', exact: true }).waitFor();

    await page.locator('.selbar').getByRole('link', { name: 'Discard…' }).click();
    await page.locator('.drawer').getByText(short(FIRST)).first().waitFor();
    await page.getByLabel('reason', { exact: true }).fill('a test');
    await page.getByLabel('type 1').fill('1');
    await page.getByRole('button', { name: 'Discard 1 letter' }).click();
    await page.getByText('1 of 1 discarded').waitFor();

    expect(await areOpen(world)).toEqual([false, true]);
  });

  it('goes on with the rest of a redrive that failed, after its number is typed', async () => {
    const letters = Array.from({ length: 5 }, (_, index) => refusedOrder(100 + index));
    const { page, state } = await open(letters, { sends: 2 });
    await page.getByLabel('Select all that fit').check();
    await page.locator('.selbar').getByRole('link', { name: 'Dry run' }).click();
    // One after the other, so that the third is the first that fails.
    await page.getByLabel('rate, a second').fill('20');
    await page.getByLabel('type 5').fill('5');
    await page.getByRole('button', { name: 'Redrive 5 to orders_data' }).click();
    const goOn = page.getByRole('button', { name: 'Go on with up to 3 more' });
    await goOn.waitFor();

    state.sends = Infinity;
    const before = await goOn.isDisabled();
    await page.getByLabel('type 3').fill('3');
    await goOn.click();
    await page.getByText('3 of 3 sent').waitFor();

    expect(before).toBe(true);
    expect(state.sent).toBe(5);
  });

  it('shows the job that somebody else started after its own one was over', async () => {
    const { world, page } = await open();
    await rows(page).first().getByRole('link').click();
    await page.keyboard.press('d');
    await page.getByLabel('reason', { exact: true }).fill('a test');
    await page.getByLabel('type 1').fill('1');
    await page.getByRole('button', { name: 'Discard 1 letter' }).click();
    await page.getByText('1 of 1 discarded').waitFor();

    const selection = filterOf();
    await world.post('/api/dead-letters/redrive', { selection, limit: 1, rate: 1, confirm: 1 });

    await page.getByText('1 of 1 sent').waitFor();
  });
});

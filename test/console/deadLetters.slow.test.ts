import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';
import { orderBody } from '../support/messages/bodies.ts';

const RATE = 25;
/** A system and a browser on two busy cores. */
const TIMEOUT_MS = 180_000;

describe.skipIf(!canShowPage)('the view of dead letters', () => {
  const { system, browser } = setUpPage();

  const publish = (body: unknown) =>
    system().tally(['publish', 'order', '-', '--anyway'], JSON.stringify(body));
  const rows = (page: Page) => page.locator('#letters tbody tr');
  const open = async (hash: string) => {
    const opened = await browser().open(system().url + hash);
    // Until it is live, nothing can be done on the page.
    await opened.page.getByText('Live', { exact: true }).waitFor();
    return opened;
  };

  it(
    'finds a poison message, has it corrected and published, and it becomes a row',
    { timeout: TIMEOUT_MS },
    async () => {
      await publish(orderBody(17, { price: '1,403.00' }));
      const { page, troubles } = await open('#dead-letters');
      await page.locator('#groups').getByRole('link', { name: 'price: expected' }).click();
      await until('the letter', async () => (await rows(page).count()) === 1, 60_000);

      await page.keyboard.press('j');
      await page.keyboard.press('e');
      const area = page.getByLabel('Payload', { exact: true });
      const button = page.getByRole('button', { name: 'Publish as a new event to orders_data' });
      await page.getByText('1 field is wrong').waitFor();
      expect(await button.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'line 6, price' }).click();
      expect(await page.evaluate(`getSelection()?.toString()`)).toBe('  "price": "1,403.00",');
      const text = await area.inputValue();
      await area.fill(text.replace('"1,403.00"', '1403'));
      await page.getByText('The schema accepts it.').waitFor();
      await button.click();
      await page.getByText('Published to orders_data as message').first().waitFor();

      await until('a row', async () =>
        (await system().tally(['order', '17', '--json'])).stdout.includes('"price":1403'),
      );
      const list = page.locator('#letters-p');
      await until('that it is closed', async () =>
        /not open any more|None of these is open/.test((await list.textContent()) ?? ''),
      );
      const history = await system().tally(['dlq', 'history', '--json']);
      expect(history.stdout).toContain('"action":"dlq edit"');
      expect(troubles).toEqual([]);
    },
  );

  it('redrives 200 at a rate, with a progress that survives a reload', { timeout: TIMEOUT_MS }, async () => {
    await system().tally([
      'simulate',
      '--request',
      '{"preset":"shop","orders":200,"missing":1,"seed":1}',
      '--out',
      '/dev/null',
    ]);
    const { page, troubles } = await open('#dead-letters/list?reason=unmatched');
    await until(
      '200 letters',
      async () => (await page.locator('.say-l').textContent())?.startsWith('200 open') === true,
      60_000,
    );

    await page.locator('#letters-p').focus();
    await page.keyboard.press('Shift+X');
    expect(await page.locator('.selbar').textContent()).toContain('200 selected all that fit the filter');
    await page.keyboard.press('r');
    const button = page.getByRole('button', { name: 'Redrive 200 to payments_data' });
    await button.waitFor();
    expect(await page.locator('.addup .total').textContent()).toContain('200');
    await page.getByLabel('rate, a second').fill(String(RATE));
    await button.click();
    const bar = page.getByRole('progressbar', { name: 'redrive' });
    const sent = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
    await until('some that are sent', async () => (await sent()) >= 10);

    await page.reload();
    await bar.waitFor();
    const afterReload = await sent();
    expect(afterReload).toBeGreaterThanOrEqual(10);
    expect(afterReload).toBeLessThan(200);
    expect(await page.locator('.selbar').textContent()).toContain('Nothing selected');
    await until('all', async () => (await sent()) === 200, 30_000);
    await page.getByText('What became of the 200').waitFor();

    const history = await system().tally(['dlq', 'history', '--json']);
    expect(history.stdout).toContain('200 messages sent, 0 not');
    expect(troubles).toEqual([]);
  });

  it(
    'keeps its filter in the address, and discards only with a reason',
    { timeout: TIMEOUT_MS },
    async () => {
      await publish(orderBody('none', { price: 1 }));
      const { page, troubles } = await open('#dead-letters');
      await page.getByRole('combobox', { name: 'Reason' }).selectOption('invalid');
      await page.getByLabel('Order, payment, event id or error text').fill('order_id');
      await until('the address', () => page.url().endsWith('#dead-letters?reason=invalid&text=order_id'));
      await until('the letter', async () => (await rows(page).count()) === 1, 60_000);

      await rows(page).first().getByRole('link').click();
      await page.getByRole('heading', { name: 'Letter', exact: true }).waitFor();
      await page.keyboard.press('d');
      const button = page.getByRole('button', { name: 'Discard 1 letter' });
      await button.click();
      await page.getByText('expected a text of 1 to 500 bytes, got nothing').waitFor();
      await page.getByLabel('reason', { exact: true }).fill('a test');
      await button.click();
      await page.getByText('1 of 1 discarded').waitFor();

      await page.goBack();
      await until('the panel before', () => page.url().includes('dead-letters/discard'));
      // The browser itself notes the refusal.
      expect(troubles).toEqual([expect.stringContaining('422')]);
    },
  );
});

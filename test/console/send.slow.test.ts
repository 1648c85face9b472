import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';

/** Beyond the whole numbers of a browser. */
const ID = '9007199254740993';

describe.skipIf(!canShowPage)('the view Send', { timeout: 180_000 }, () => {
  const { system, browser } = setUpPage();

  it('sends an order and its payment with ids of 64 bits, and shows what became of them', async () => {
    const { page, troubles } = await browser().open(`${system().url}#send`);
    const sent = page.getByRole('table', { name: 'Messages sent from the form' });

    await page.getByLabel('order_id').fill(ID);
    await page.getByRole('button', { name: 'Send order' }).click();
    await sent.getByRole('row', { name: 'stored' }).waitFor();
    await page.getByRole('button', { name: 'payment', exact: true }).click();
    await page.getByLabel('payment_id').fill('9007199254740995');
    await page.getByRole('button', { name: 'Send payment' }).click();
    await sent.getByRole('row', { name: 'matched' }).waitFor();

    const { stdout } = await system().tally(['order', ID, '--json']);
    expect(stdout).toContain('9007199254740995');
    expect(await sent.textContent()).toContain(`payment 9007199254740995 for order ${ID}`);
    expect(troubles).toEqual([]);
  });

  it('puts the problems at their fields, takes the focus to them, and sends poison when it is asked to', async () => {
    const { page } = await browser().open(`${system().url}#send`);
    await page.getByLabel('quantity').fill('0');
    await page.getByLabel('price').fill('1,403.00');

    await page.getByRole('button', { name: 'Send order' }).click();
    await page.getByText('2 fields are wrong; nothing was sent').waitFor();
    await page.getByRole('link', { name: 'price', exact: true }).click();

    const price = page.getByLabel('price');
    expect(await price.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement?.id')).toBe('field-price');
    expect(await page.locator('#field-quantity-problem').textContent()).toMatch(
      /^expected a whole number from 1/,
    );
    await page.getByRole('button', { name: 'Send it as it is' }).click();
    await page.getByRole('row', { name: 'invalid' }).first().waitFor();
  });

  it('starts a run, and ends with what is expected beside what is there', async () => {
    const { page, troubles } = await browser().open(`${system().url}#send`);
    for (const [name, text] of [
      ['orders', '60'],
      ['ratePerSecond', '0'],
    ] as const)
      await page.getByLabel(name, { exact: true }).fill(text);

    await page.getByText(/^About 1\d\d messages, as fast as it can\.$/).waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText(/Agrees\. All [\d,]+ messages ended/).waitFor({ timeout: 90_000 });

    const lines = page.getByRole('table', { name: 'Expected and actual end state of the last run' });
    const rows = await lines.locator('tbody tr').all();
    for (const row of rows) {
      const [expected, actual, verdict] = await row.locator('td').allTextContents();
      expect([actual, verdict]).toEqual([expected, 'agrees']);
    }
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(await page.getByText(/All \d+ messages ended as expected/).count()).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('shows the simulator’s refusal at its field', async () => {
    const { page } = await browser().open(`${system().url}#send`);

    await page.getByLabel('orders', { exact: true }).fill('0');
    await page.getByRole('button', { name: 'Start' }).click();

    await until('the problem', async () => (await page.locator('#field-orders-problem').count()) === 1);
    expect(await page.locator('#field-orders-problem').textContent()).toBe(
      'expected a whole number from 1 to 100000, got 0',
    );
  });
});

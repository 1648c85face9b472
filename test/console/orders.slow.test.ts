import { describe, expect, it } from 'vitest';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { testCassandraConfig } from '../support/cassandra/testKeyspace.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

describe.skipIf(!canShowPage)('the view of an order', { timeout: 120_000 }, () => {
  const { system, browser } = setUpPage();

  /**
   * Loses every row, as a table does that was restored from nothing. A DELETE cannot make this trouble: its
   * tombstone is newer than whatever Tally writes, so it hides a row for ever.
   */
  const loseRows = async (): Promise<void> => {
    const client = createCassandraClient({ ...testCassandraConfig(), keyspace: system().keyspace });
    try {
      await (await client.connect()).execute('TRUNCATE orders_payments_facts');
    } finally {
      await client.close();
    }
  };

  it('shows that a row is lost, and Heal writes it again', async () => {
    await system().tally(['publish', 'order', '-'], JSON.stringify(orderBody(8317)));
    await system().tally(['publish', 'payment', '-'], JSON.stringify(paymentBody(8317)));
    const { page, troubles } = await browser().open(`${system().url}#order/8317`);
    await page.getByText('The row is what the ledger says.').waitFor();

    await loseRows();
    await page.reload();
    await page.getByText('Broken, or in progress.').waitFor();
    expect(await page.locator('.heal li').allTextContents()).not.toEqual([]);
    await page.getByLabel('because').fill('the table was lost');
    await page.getByRole('button', { name: 'Heal order 8317' }).click();

    await page
      .locator('main')
      .getByText(/^Order 8317: written again, because/)
      .waitFor();
    await page.getByText('The row is what the ledger says.').waitFor();
    const { stdout } = await system().tally(['order', '8317', '--json']);
    expect(stdout).toContain('"item":"Laptop"');
    const history = await system().tally(['dlq', 'history', '--json']);
    expect(history.stdout).toContain('the table was lost');
    expect(troubles).toEqual([]);
  });
});

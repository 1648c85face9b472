import { describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { canStartCassandra } from '../support/cassandra/testKeyspace.ts';
import { chromium } from '../support/console/chromium.ts';
import { setUpPage } from '../support/console/setUpPage.ts';

const SLOW_MS = 120_000;

describe.skipIf(chromium === undefined || !canStartCassandra)('the view Faults', { timeout: 400_000 }, () => {
  const { system, browser } = setUpPage({ cassandra: 'own' });

  it('stops Cassandra, says so on every view, starts it again, and nothing is lost', async () => {
    const { page, troubles } = await browser().open(`${system().url}#faults`);
    const done = page.getByRole('table', { name: 'Log of faults' });

    await page.getByRole('button', { name: 'Stop Cassandra' }).click();
    await done.getByText('Cassandra stopped').waitFor({ timeout: SLOW_MS });
    await system().tally(['simulate', '--request', '{"preset":"shop","orders":200,"malformed":0.02}']);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    const strip = page.getByRole('region', { name: 'Notices' }).getByText('Cassandra does not answer');
    await strip.waitFor();
    await page.getByRole('link', { name: 'Start Cassandra' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();

    await done.getByText(/^backlog 0 after \d+ s, [\d,]+ retries, 0 lost$/).waitFor({ timeout: 2 * SLOW_MS });
    expect(await strip.count()).toBe(0);
    const still = page.getByRole('region', { name: 'And still' });
    await still.getByText('adds up').waitFor({ timeout: SLOW_MS });
    expect(await still.textContent()).toMatch(/lost 0\s*violations 0/);
    expect(troubles).toEqual([]);
  });

  it('switches a fault of Pub/Sub by its switch, and all off', async () => {
    const { page, troubles } = await browser().open(`${system().url}#faults`);
    const duplicated = page.getByRole('switch', { name: 'duplicated' });

    await page.getByLabel('Share of duplicated').fill('0.5');
    await duplicated.press('Space');
    await page.getByText('duplicated 0.5').first().waitFor();
    expect(await duplicated.getAttribute('aria-checked')).toBe('true');
    await system().tally(['simulate', '--request', '{"preset":"shop","orders":50}']);
    await until('hits', async () =>
      /[1-9]/.test(
        (await page
          .getByRole('row', { name: /^duplicated/ })
          .locator('.held')
          .textContent()) ?? '',
      ),
    );
    await page.getByRole('button', { name: 'Turn all off' }).click();

    await until(
      'a switch that is off',
      async () => (await duplicated.getAttribute('aria-checked')) === 'false',
    );
    expect(troubles).toEqual([]);
  });

  it('says at the field what a share may be', async () => {
    const { page } = await browser().open(`${system().url}#faults`);

    await page.getByLabel('Share of delayed').fill('1');
    await page.getByRole('switch', { name: 'delayed' }).click();

    await page.getByRole('alert').getByText('expected 0 to 0.9').waitFor();
    expect(await page.getByLabel('Share of delayed').getAttribute('aria-invalid')).toBe('true');
  });
});

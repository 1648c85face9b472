import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Browser } from 'playwright-core';
import { PROJECT_FOLDER } from '../cli/paths.ts';
import { runCommand } from '../cli/runCommand.ts';
import { openTemporaryFolder } from '../local/openTemporaryFolder.ts';
import { findUpPorts } from './findUpPorts.ts';
import { openBrowser } from './openBrowser.ts';
import { startUp } from './startUp.ts';

const PICTURE = join(PROJECT_FOLDER, 'docs/pictures/console.png');
/** As wide as the page is designed for. */
const WINDOW = { width: 1440, height: 900 };
/** So long does the charts' newest minute take to fill, while traffic comes. */
const TRAFFIC = { seconds: 75, ordersPerSecond: 50 };
/** Until the audit has been through the tables that fill up meanwhile. */
const SUMS_TIMEOUT_MS = 60_000;
const SHOP = {
  preset: 'shop',
  seed: 4711,
  early: 0.3,
  missing: 0.02,
  unpaid: 0.05,
  duplicates: 0.1,
  doublePaid: 0.01,
  malformed: 0.02,
};

/**
 * Takes the README's picture: starts a system of its own, sends it the traffic of a shop, and photographs the
 * page while messages still come.
 */
const takePicture = async (): Promise<void> => {
  const browser = await openBrowser();
  const folder = openTemporaryFolder('picture');
  try {
    await photograph(browser, folder.path);
  } finally {
    await browser.close();
    folder.remove();
  }
  console.log(PICTURE);
};

const photograph = async (browser: Browser, runFolder: string): Promise<void> => {
  const system = await startUp(['--pubsub=local', ...(await findUpPorts()).options], {
    ...process.env,
    TALLY_RUN_FOLDER: runFolder,
  });
  try {
    const tab = await browser.newPage({ viewport: WINDOW, colorScheme: 'light' });
    await tab.goto(system.url);
    const orders = TRAFFIC.seconds * TRAFFIC.ordersPerSecond;
    const sent = fetch(system.simulateUrl, {
      method: 'POST',
      body: JSON.stringify({ ...SHOP, orders, ratePerSecond: 2 * TRAFFIC.ordersPerSecond }),
    });
    // The picture is taken while messages still come.
    await tab.waitForTimeout((TRAFFIC.seconds - 10) * 1_000);
    await tab.getByText('adds up').first().waitFor({ timeout: SUMS_TIMEOUT_MS });
    await mkdir(join(PICTURE, '..'), { recursive: true });
    await tab.screenshot({ path: PICTURE });
    await sent;
  } finally {
    await system.stop();
  }
};

const program = new Command('picture')
  .description('Takes the picture of the live page that the README shows, from a real system in Chromium.')
  .action(takePicture);

await runCommand(program);

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CLICKS_APART_MS } from '../../console/page/frame/clicksApartMs.ts';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';

const ROWS_DRAWN = 100;
/** In one view, as the brief of the page has it. */
const ELEMENTS_MAX = 1_500;

const order = (orderId: number, changes: Record<string, unknown> = {}): string =>
  JSON.stringify(orderBody(orderId, changes));

const payment = (paymentId: number, orderId: number, changes: Record<string, unknown> = {}): string =>
  JSON.stringify(paymentBody(orderId, { payment_id: paymentId, ...changes }));

describe.skipIf(!canShowPage)('the views Stream and Orders', () => {
  const { system, browser } = setUpPage();

  const publish = async (kind: 'order' | 'payment', body: string): Promise<void> => {
    const { exitCode, stderr } = await system().tally(['publish', kind, '-', '--anyway'], body);
    if (exitCode !== 0) throw new Error(`tally publish ended with ${exitCode}: ${stderr}`);
  };
  const open = (hash: string, width = 1440) => browser().open(`${system().url}${hash}`, { width });
  const rowOf = (page: Page, text: string | RegExp) =>
    page.locator('.rows tbody tr').filter({ hasText: text });
  const keysOf = (page: Page): Promise<readonly string[]> =>
    page.locator('.rows tbody a').evaluateAll((links) => links.map((link) => link.dataset.key ?? ''));
  const newOnes = (page: Page) => page.locator('.newer');

  it('lists a message, and tells in its drawer what became of it', async () => {
    const { page, troubles } = await open('#stream');
    await page.getByText('No message since').waitFor();
    await page.getByText('Nothing has come yet.').or(page.getByText('Everything is listed')).waitFor();

    await publish('payment', payment(9317, 8317));
    await rowOf(page, '9317').filter({ hasText: 'parked' }).waitFor();
    await publish('order', order(8317));
    await rowOf(page, /8317.*matched/)
      .first()
      .waitFor();
    await rowOf(page, '9317').getByRole('link').click();

    const drawer = page.getByRole('complementary');
    await drawer.getByRole('heading', { name: 'Payment 9317 for order 8317' }).waitFor();
    for (const text of [
      'on the first attempt',
      'Attempt 1, 204',
      'In the ledger, order 8317',
      'this one',
      'No order yet, so no row.',
      '"payment_id":9317,',
      'nothing was masked',
      'npx tally order 8317',
    ])
      expect(await drawer.textContent()).toContain(text);
    // The row stays under the pointer, and is the first one as soon as nobody points at it.
    await page.mouse.move(5, 5);
    await page.locator('.rows tbody tr').first().filter({ hasText: '9317' }).waitFor();

    await page.keyboard.press('Escape');
    await until('the drawer is closed', async () => (await drawer.count()) === 0);
    await until('the focus is in its row again', async () =>
      page.evaluate<boolean>('document.activeElement.closest("tr")?.textContent.includes("9317") === true'),
    );
    expect(page.url()).toMatch(/#stream$/);
    expect(troubles).toEqual([]);
  });

  it('opens a message by a click anywhere in its row, and lets its texts be selected', async () => {
    await publish('order', order(8318));
    const { page, troubles } = await open('#stream');
    const cell = rowOf(page, '8318').first().locator('td').nth(1);
    const drawer = page.getByRole('complementary');

    await cell.dblclick();
    const selected = await page.evaluate<string>('getSelection().toString().trim()');
    // What a click opens has opened one frame after this time.
    await page.evaluate(
      `new Promise((opened) => setTimeout(() => requestAnimationFrame(opened), ${CLICKS_APART_MS}))`,
    );
    const isOpen = await drawer.count();
    await page.keyboard.press('Escape');
    await page.evaluate('getSelection().removeAllRanges()');
    await cell.click();

    await drawer.getByRole('heading', { name: 'Order 8318', exact: true }).waitFor();
    expect([selected, isOpen]).toEqual(['orders_data', 0]);
    expect(troubles).toEqual([]);
  });

  it('moves no row under the pointer or the focus, and says how many wait', async () => {
    await publish('order', order(100));
    const { page, troubles } = await open('#stream');
    await rowOf(page, '100').first().waitFor();

    await page.locator('.rows tbody tr').first().hover();
    const before = await keysOf(page);
    await publish('order', order(101));
    await newOnes(page).getByText('1 new').waitFor();
    expect(await keysOf(page)).toEqual(before);
    await page.keyboard.press('Home');
    await rowOf(page, '101').first().waitFor();
    expect(await newOnes(page).count()).toBe(0);

    await page.mouse.move(5, 5);
    await page.keyboard.press('j');
    const focused = await keysOf(page);
    await publish('order', order(102));
    await newOnes(page).getByText('1 new').waitFor();
    expect(await keysOf(page)).toEqual(focused);
    await newOnes(page).getByRole('button').click();
    await rowOf(page, '102').first().waitFor();
    expect(troubles).toEqual([]);
  });

  it('freezes the rows while it is paused, and counts what comes', async () => {
    await publish('order', order(110));
    const { page } = await open('#stream');
    await rowOf(page, '110').first().waitFor();

    await page.locator('#main').focus();
    await page.keyboard.press('Space');
    const before = await keysOf(page);
    await publish('order', order(111));
    await page.getByRole('button', { name: 'Go on, 1 new' }).waitFor();
    expect(await keysOf(page)).toEqual(before);
    await page.getByRole('button', { name: 'Go on' }).click();

    await rowOf(page, '111').first().waitFor();
  });

  it('says of an open message what has become of it, also while the rows are paused', async () => {
    const { page, troubles } = await open('#faults');
    const { page: faults } = await open('#faults');
    const acksLost = faults.getByRole('switch', { name: 'acksLost' });
    await faults.getByLabel('Share of acksLost').fill('0.9');
    await acksLost.press('Space');
    await faults.getByText('acksLost 0.9').first().waitFor();
    await page.getByRole('link', { name: 'Stream', exact: true }).click();
    for (const orderId of [141, 142, 143]) await publish('order', order(orderId));
    await rowOf(page, 'again').first().getByRole('link').click();
    const drawer = page.getByRole('complementary');
    await drawer.getByText('not acked').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();

    await faults.getByRole('button', { name: 'Turn all off' }).click();

    await drawer.getByText(/on attempt \d+, /).waitFor();
    expect(troubles).toEqual([]);
  });

  it('filters on the server by outcome and by text, in an address that shows the same again', async () => {
    await publish('order', order(120));
    await publish('order', order(121, { price: 'four' }));
    const { page } = await open('#stream');
    await rowOf(page, '120').first().waitFor();

    for (const name of ['matched', 'stored', 'parked', 'findings', 'too_many', 'retry'])
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await until('only invalid ones', async () => {
      const rows = await page.locator('.rows tbody tr').allTextContents();
      return rows.length > 0 && rows.every((text) => text.includes('invalid'));
    });
    expect(page.url()).toContain('outcomes=invalid');
    await page.getByText('Not sampled: the newest 200 that fit').waitFor();
    await page.getByLabel('Order, payment, event id or error text').fill('no such text');
    await page.getByText('No message fits the filter').waitFor();

    const again = await open(new URL(page.url()).hash.replace('no+such+text', 'price'));
    await rowOf(again.page, 'price').first().waitFor();
    expect(await rowOf(again.page, 'invalid').count()).toBe(
      await again.page.locator('.rows tbody tr').count(),
    );
  });

  it('tells an order from its first event to its dead letter, and what its row shows', async () => {
    await publish('payment', payment(9400, 8400, { payment_status: 'Pending' }));
    await publish('order', order(8400));
    await publish('payment', payment(9400, 8400));
    await publish('payment', payment(9401, 8400));
    const { page, troubles } = await open('#order/8400');

    await page.getByText('1 finding open: conflict').waitFor();
    await page.getByText('dead letter conflict').waitFor();
    const story = await page.locator('.tl').textContent();
    for (const text of ['payment_status becomes Completed: paid.', 'Told: conflict', 'Resolve it'])
      expect(story).toContain(text);
    const row = await page.locator('.kv').textContent();
    for (const text of ['9401', 'was 9400', 'counts as succeeded', 'order_status', 'entries seen'])
      expect(row).toContain(text);
    await page.getByText('The row is what the ledger says.').waitFor();
    await page.getByText('npx tally order 8400').waitFor();
    expect(troubles).toEqual([]);
  });

  it('finds an order by the id of its payment', async () => {
    await publish('order', order(8500));
    await publish('payment', payment(9500, 8500));
    const { page } = await open('#order');

    await page.getByLabel('Order, payment, event or message id').fill('9500');
    await page.getByRole('button', { name: 'Find', exact: true }).click();

    await page
      .getByText('payment 9500 for order 8500')
      .or(page.getByText('Payment 9500 for order 8500'))
      .first()
      .waitFor();
  });

  it('is a list and then a detail, with a way back, on a narrow screen', async () => {
    await publish('order', order(130));
    const { page } = await open('#stream', 360);
    await rowOf(page, '130').first().getByRole('link').click();

    await page.getByRole('heading', { name: 'Order 130', level: 2 }).waitFor();
    expect(await page.locator('.rows').isVisible()).toBe(false);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByRole('complementary').getByRole('link', { name: 'Stream' }).click();
    await page.locator('.rows').waitFor();

    const { page: orderPage } = await open('#order/130', 360);
    await orderPage.getByText('The row is what the ledger says.').waitFor();
    expect(await orderPage.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  // The last one: after so much traffic, rows are sampled for a while.
  it('draws the rows in sight while they move, then a hundred, and older ones when they are asked for', async () => {
    const { exitCode, stderr } = await system().tally([
      'simulate',
      '--request',
      '{"preset":"shop","orders":150}',
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    const { page, troubles } = await open('#stream?topic=orders_data');
    // A mark between two rows, such as that sampling has begun, is no row.
    const rows = page.locator('.rows tbody tr:has(a)');
    // Under the pointer, the list would stand still and take no more.
    await page.getByRole('button', { name: /^Show \d+ older$/ }).waitFor();
    expect(await rows.count()).toBeLessThan(ROWS_DRAWN / 2);
    const heightOf = () => page.locator('.list').evaluate(({ scrollHeight }) => scrollHeight);
    const height = await heightOf();
    await page.locator('.list').hover();
    await until('a hundred rows', async () => (await rows.count()) === ROWS_DRAWN);
    // The room was there before, except that of a mark between two rows.
    expect(Math.abs((await heightOf()) - height)).toBeLessThan(60);

    expect(await page.locator('main *').count()).toBeLessThan(ELEMENTS_MAX);
    await page.getByRole('button', { name: /^Show \d+ older$/ }).click();
    await until('more rows', async () => (await rows.count()) > ROWS_DRAWN);
    expect(await page.getByRole('button', { name: /older$/ }).count()).toBe(0);
    const focused = await page.evaluate<number>(
      '[...document.querySelectorAll(".rows tbody tr:has(a)")].indexOf(document.activeElement.closest("tr"))',
    );
    expect(focused).toBe(ROWS_DRAWN);

    await page.keyboard.press('Home');
    await until('a hundred rows again, under the pointer', async () => (await rows.count()) === ROWS_DRAWN);
    expect(troubles).toEqual([]);
  });
});

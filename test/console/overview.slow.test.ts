import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../proof/until.ts';
import { canShowPage, setUpPage } from '../support/console/setUpPage.ts';

const SHOP = {
  preset: 'shop',
  orders: 300,
  early: 0.3,
  missing: 0.1,
  unpaid: 0.1,
  doublePaid: 0.05,
  malformed: 0.05,
  seed: 1,
};
/** On two busy cores. */
const TIMEOUT_MS = 120_000;

const answerSchema = z.object({
  published: z.object({ messages: z.number() }),
  expected: z.object({
    matched: z.array(z.unknown()),
    parked: z.array(z.object({ order_id: z.number() })),
    unpaid: z.array(z.unknown()),
    conflicts: z.array(z.unknown()),
    invalid: z.array(z.unknown()),
  }),
});

describe.skipIf(!canShowPage)('the view Overview', { timeout: TIMEOUT_MS }, () => {
  const { system, browser } = setUpPage();
  let answer: z.output<typeof answerSchema>;

  const sumOf = (page: Page, name: string) => page.getByRole('table', { name, exact: true });
  const numberOf = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));
  const tileOf = async (page: Page, name: string): Promise<string> =>
    (await page
      .locator('.tiles > div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .textContent()) ?? '';
  /** Its terms and its total, as they stand there. */
  const readSum = async (page: Page, name: string) => {
    const numbers = (await sumOf(page, name).locator('td.n').allTextContents()).map(numberOf);
    return { terms: numbers.slice(0, -1), total: numbers.at(-1) };
  };
  const untilAddedUp = async (page: Page): Promise<void> => {
    await until(
      'all messages in the sum, and none on its way',
      async () => {
        const { terms, total } = await readSum(page, 'messages published');
        return total === answer.published.messages && terms.at(-1) === 0;
      },
      TIMEOUT_MS,
    );
    await until('three sums that add up', async () => (await page.locator('.sum .note.ok').count()) === 3);
  };

  it('says that nothing has come, and what to do next', async () => {
    const { page, troubles } = await browser().open(system().url);

    await page.getByText('Nothing has been published yet').waitFor();
    await page.getByText('of nothing yet').waitFor();
    expect(await page.locator('.sum .note.ok').count()).toBe(0);
    expect(await tileOf(page, 'Published')).toBe('Published0/s0 in all');
    expect(troubles).toEqual([]);
  });

  it('adds up what the simulator has sent, and says the same as the simulator', async () => {
    const { page, troubles } = await browser().open(system().url);
    const { stdout } = await system().tally(['simulate', '--request', JSON.stringify(SHOP)]);
    answer = answerSchema.parse(JSON.parse(stdout));
    await untilAddedUp(page);

    const { published, expected } = answer;
    for (const name of ['messages published', 'orders', 'payments']) {
      const { terms, total } = await readSum(page, name);
      expect(terms.reduce((sum, count) => sum + count, 0)).toBe(total);
      expect(await sumOf(page, name).locator('.note.ok').textContent()).toContain('adds up');
    }
    expect((await readSum(page, 'payments')).total).toBe(expected.matched.length + expected.parked.length);
    expect(await page.locator('.verdict').textContent()).toMatch(/lost 0.*violations 0.*full pass/s);
    expect(await tileOf(page, 'Published')).toContain(`${published.messages.toLocaleString('en')} in all`);
    expect(await tileOf(page, 'Waiting')).toContain(`Waiting${expected.parked.length}oldest`);
    expect(await tileOf(page, 'Findings')).toContain(`Findings${expected.conflicts.length}open`);
    expect(await tileOf(page, 'Dead letters')).toContain(`${expected.invalid.length} invalid`);
    expect(
      await page.locator('.side li, .side tr').filter({ hasText: 'several payments say paid' }).textContent(),
    ).toContain(String(expected.conflicts.length));
    expect(troubles).toEqual([]);
  });

  it('unfolds the ids behind a number, each of which leads to its order', async () => {
    const { page, troubles } = await browser().open(system().url);
    await untilAddedUp(page);
    const parked = [...new Set(answer.expected.parked.map(({ order_id }) => String(order_id)))].toSorted();
    const payments = sumOf(page, 'payments');

    await payments.getByRole('button', { name: 'waiting for their order' }).click();
    await until('ten ids', async () => (await payments.locator('.ids a').count()) === 10);
    await payments.getByRole('button', { name: /^all \d+$/ }).click();
    await until('all ids', async () => (await payments.locator('.ids a').count()) >= parked.length);

    expect([...new Set(await payments.locator('.ids a').allTextContents())].toSorted()).toEqual(parked);
    await payments.locator('.ids a').first().click();
    await page.getByRole('heading', { name: /^Order \d+/ }).waitFor();
    expect(troubles).toEqual([]);
  });

  it('draws the flow, whose nodes say their figures and lead to their messages', async () => {
    const { page, troubles } = await browser().open(system().url);
    const map = page.locator('.flow svg');
    const names = await map.locator('a').evaluateAll((nodes) => nodes.map((node) => node.ariaLabel ?? ''));
    for (const name of ['orders_data', 'payments_data-sub', 'onDlq', 'ledger_by_order'])
      expect(names.some((said) => said.startsWith(name) && said.length > name.length + 3)).toBe(true);

    await page.getByText('as a table').click();
    await page.getByRole('table', { name: /flow/i }).waitFor();
    await map.getByRole('link', { name: /^payments_data-sub: / }).click();
    await until('its messages', async () => page.url().includes('#stream?'));
    expect(await page.getByLabel('Topic').inputValue()).toBe('payments_data');
    expect(troubles).toEqual([]);
  });

  it('has all of it at 360 px without scrolling sideways', async () => {
    const { page, troubles } = await browser().open(system().url, { width: 360, height: 800 });
    await untilAddedUp(page);
    await page.getByRole('button', { name: 'waiting for their order' }).click();
    await page.locator('.ids a').first().waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.locator('.flow svg.narrow').count()).toBe(1);
    expect(troubles).toEqual([]);
  });
});

import { expect, it, onTestFinished } from 'vitest';
import type { LetterPage, LetterRow } from '../../../../../console/deadLetterContract.ts';
import { NOTHING_YET } from '../../../../../console/page/frame/createLive.ts';
import { html } from '../../../../../console/page/html.ts';
import { DeadLetters } from '../../../../../console/page/views/deadLetters/deadLetters.ts';
import { until } from '../../../../../proof/until.ts';
import { letterRow } from '../../../../support/console/letterRow.ts';
import { draw } from '../../draw.ts';
import { fakeBrowser } from '../../fakeBrowser.ts';
import { letterPageOf } from '../../letterPageOf.ts';

const ROWS = ['a', 'b', 'c'].map((id) => letterRow(`2026-11-24/1/${id.repeat(32)}/invalid`));

/** The view on a server whose answer about `order 1` comes when the test says so. */
const open = () => {
  const ofOrder = Promise.withResolvers<LetterPage>();
  const browser = fakeBrowser((path) =>
    path.startsWith('/api/dead-letters?')
      ? path.includes('text=order+1')
        ? ofOrder.promise
        : letterPageOf(ROWS)
      : path === '/api/jobs'
        ? null
        : [],
  );
  const view = (query: string) =>
    html`<${DeadLetters}
      place=${{ isLocal: true }}
      live=${{ ...NOTHING_YET, state: 'live' }}
      actions=${{ announce: () => {} }}
      path=${['list']}
      query=${new URLSearchParams(query)}
    />`;
  const page = draw(view(''));
  onTestFinished(page.end);
  return {
    ...browser,
    ...page,
    filter: () => page.again(view('text=order+1')),
    answer: (rows: readonly LetterRow[]) => ofOrder.resolve(letterPageOf(rows, { text: 'order 1' })),
    box: () =>
      page.all('input').find(({ attributes }) => attributes.get('aria-label') === 'Select all that fit')
        ?.attributes,
    untilShown: (count: number) =>
      until(`${count} letters`, async () => page.text().includes(`${count} open.`)),
  };
};

it('selects all that fit only when the list of this filter has come', async () => {
  const page = open();
  await page.untilShown(3);
  expect(page.box()?.has('disabled')).toBe(false);

  page.filter();
  await until('another list is asked for', async () => page.asked.some((path) => path.includes('order+1')));
  expect(page.box()?.has('disabled')).toBe(true);
  expect(page.text()).not.toContain('3 open.');

  page.answer(ROWS.slice(0, 1));
  await page.untilShown(1);
  expect(page.box()?.has('disabled')).toBe(false);
});

it('keeps no row of another filter, also while somebody points at the list', async () => {
  const page = open();
  await page.untilShown(3);
  page.document.querySelector = (selector) => (selector.startsWith('#letters') ? {} : null);

  page.filter();
  await until('another list is asked for', async () => page.asked.some((path) => path.includes('order+1')));
  // Once more, as with each frame.
  page.filter();
  page.answer(ROWS.slice(0, 1));
  await page.untilShown(1);

  expect(page.text()).not.toContain('not open any more');
});

import { expect, it, onTestFinished } from 'vitest';
import type { LetterPage, LetterRow } from '../../../../../console/deadLetterContract.ts';
import { NOTHING_YET } from '../../../../../console/page/frame/createLive.ts';
import { html } from '../../../../../console/page/html.ts';
import { DeadLetters } from '../../../../../console/page/views/deadLetters/deadLetters.ts';
import { until } from '../../../../../proof/until.ts';
import { letterRow } from '../../../../support/console/letterRow.ts';
import { draw } from '../../draw.ts';
import { fakeBrowser } from '../../fakeBrowser.ts';
import { letterOf } from '../../letterOf.ts';
import { letterPageOf } from '../../letterPageOf.ts';

const ROWS = ['a', 'b', 'c'].map((id) => letterRow(`2026-11-24/1/${id.repeat(32)}/invalid`));

const viewOf = (path: readonly string[], query: string) =>
  html`<${DeadLetters}
    place=${{ isLocal: true }}
    live=${{ ...NOTHING_YET, state: 'live' }}
    actions=${{ announce: () => {} }}
    path=${path}
    query=${new URLSearchParams(query)}
  />`;

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
  const page = draw(viewOf(['list'], ''));
  onTestFinished(page.end);
  return {
    ...browser,
    ...page,
    filter: () => page.again(viewOf(['list'], 'text=order+1')),
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

it('tells, in the panel that edits an open letter, what others have done with it meanwhile', async () => {
  const place = '2026-11-24/1/abc/invalid';
  let letter = letterOf(place);
  fakeBrowser((path) =>
    path.startsWith('/api/dead-letters/letter')
      ? letter
      : path.startsWith('/api/dead-letters?')
        ? letterPageOf([letter.row])
        : [],
  );
  const page = draw(viewOf(['edit'], `letter=${encodeURIComponent(place)}`));
  onTestFinished(page.end);
  await until('the letter', async () => page.text().includes('Nobody has done anything with it.'));

  letter = letterOf(place, {
    actions: [{ kind: 'edited', atMs: 1, operator: 'bob', because: '', detail: '77', redrives: null }],
  });

  await until('the edit', async () => page.text().includes('edited by bob, as message 77'));
});

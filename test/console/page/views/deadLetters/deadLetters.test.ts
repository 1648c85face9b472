import { expect, it, onTestFinished } from 'vitest';
import type { Letter, LetterPage, LetterRow } from '../../../../../console/deadLetterContract.ts';
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
    place=${{ isLocal: true, project: 'p', keyspace: 'k', cluster: 'c' }}
    live=${{ ...NOTHING_YET, state: 'live' }}
    actions=${{ announce: () => {} }}
    path=${path}
    query=${new URLSearchParams(query)}
  />`;

/** A server that has these letters, one of which may be asked for by its place. */
const serverOf = (lettersOf: (path: string) => unknown, letter?: () => Letter) => (path: string) => {
  if (path.startsWith('/api/dead-letters?')) return lettersOf(path);
  if (path.startsWith('/api/dead-letters/letter')) return letter?.();
  return path === '/api/jobs' ? null : [];
};

/** The view on a server whose answer about `order 1` comes when the test says so. */
const open = () => {
  const ofOrder = Promise.withResolvers<LetterPage>();
  const browser = fakeBrowser(
    serverOf((path) => (path.includes('text=order+1') ? ofOrder.promise : letterPageOf(ROWS))),
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
  fakeBrowser(
    serverOf(
      () => letterPageOf([letter.row]),
      () => letter,
    ),
  );
  const page = draw(viewOf(['edit'], `letter=${encodeURIComponent(place)}`));
  onTestFinished(page.end);
  await until('the letter', async () => page.text().includes('Nobody has done anything with it.'));

  letter = letterOf(place, {
    actions: [{ kind: 'edited', atMs: 1, operator: 'bob', because: '', detail: '77', redrives: null }],
  });

  await until('the edit', async () => page.text().includes('edited by bob, as message 77'));
});

it('gives the focus back to the row of a letter once the list is shown again', async () => {
  const [row] = ROWS;
  const browser = fakeBrowser(
    serverOf(
      () => letterPageOf(ROWS),
      () => letterOf(row?.place ?? ''),
    ),
  );
  const focused: string[] = [];
  const page = draw(viewOf(['letter'], `letter=${encodeURIComponent(row?.place ?? '')}`));
  onTestFinished(page.end);
  const at = () =>
    page
      .all('div')
      .find(({ attributes }) => attributes.has('data-at'))
      ?.attributes.get('data-at');
  browser.document.querySelector = (selector) =>
    selector.includes('[data-place')
      ? { focus: () => focused.push(`${selector} of the ${String(at())}`) }
      : null;
  await until('the letter', async () => at() === 'panel');

  page.again(viewOf(['list'], ''));

  await until('the focus', async () => focused.length > 0);
  expect(focused).toEqual([`#letters [data-place="${row?.place}"] a of the list`]);
});

it('says what an edit would be sent to', async () => {
  const place = '2026-11-24/1/abc/invalid';
  fakeBrowser(
    serverOf(
      () => letterPageOf([]),
      () => letterOf(place),
    ),
  );
  const page = draw(viewOf(['edit'], `letter=${encodeURIComponent(place)}`));
  onTestFinished(page.end);

  await until('the editor', async () => page.all('textarea').length > 0);

  expect(page.text()).toContain('project p, keyspace k, cluster c');
});

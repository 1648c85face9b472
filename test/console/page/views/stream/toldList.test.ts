import { expect, it, onTestFinished } from 'vitest';
import { html } from '../../../../../console/page/html.ts';
import { ToldList } from '../../../../../console/page/views/stream/toldList.ts';
import { until } from '../../../../../proof/until.ts';
import { letterRow } from '../../../../support/console/letterRow.ts';
import { draw } from '../../draw.ts';
import { fakeBrowser } from '../../fakeBrowser.ts';
import { letterPageOf } from '../../letterPageOf.ts';

it.each([
  ['parked', ['parked']],
  ['invalid', ['invalid']],
  ['findings', ['conflict', 'too_many']],
  ['too_many', ['too_many']],
])('lists the dead letters that the button "%s" means, each with its shape', async (outcome, words) => {
  const reasons = ['unmatched', 'invalid', 'conflict', 'too_many'];
  fakeBrowser(() => letterPageOf(reasons.map((reason) => letterRow(reason, { reason }))));

  const page = draw(html`<${ToldList} filter=${{ text: '', topic: '', outcomes: [outcome] }} />`);
  onTestFinished(page.end);
  await until('the list', async () => page.all('tbody').length > 0);

  const marks = page.all('span').filter(({ attributes }) => attributes.get('class') === 'st ');
  expect(marks.map(({ text }) => text())).toEqual(words);
  for (const shape of page.all('use')) expect(shape.attributes.get('href')).not.toContain('undefined');
});

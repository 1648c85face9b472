import { expect, it, onTestFinished } from 'vitest';
import { html } from '../../../../../console/page/html.ts';
import { readDeadLetterRoute } from '../../../../../console/page/views/deadLetters/deadLetterRoute.ts';
import { LetterPanel } from '../../../../../console/page/views/deadLetters/letterPanel.ts';
import { draw } from '../../draw.ts';
import { letterOf } from '../../letterOf.ts';

it('leads to the message that told it with its order, by which old ones are found', () => {
  const route = readDeadLetterRoute(['letter'], new URLSearchParams());
  const page = draw(html`<${LetterPanel} letter=${letterOf('2026-11-24/1/abc/invalid')} route=${route} />`);
  onTestFinished(page.end);

  expect(page.all('a').map(({ attributes }) => attributes.get('href'))).toContain('#stream/abc?order=17');
});

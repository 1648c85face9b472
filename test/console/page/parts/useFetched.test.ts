import { expect, it, onTestFinished } from 'vitest';
import { html } from '../../../../console/page/html.ts';
import { useFetched } from '../../../../console/page/parts/useFetched.ts';
import { until } from '../../../../proof/until.ts';
import { draw } from '../draw.ts';
import { fakeBrowser } from '../fakeBrowser.ts';

it('asks nothing while its tab is hidden, and once when it is shown again', async () => {
  const { asked, hide } = fakeBrowser(() => asked.length);
  const Shown = ({ version }: { readonly version: number }) =>
    html`<p>${useFetched<number>('/api/jobs', version).value}</p>`;
  const page = draw(html`<${Shown} version=${1} />`);
  onTestFinished(page.end);
  await until('the first answer', async () => page.text() === '1');

  hide(true);
  for (const version of [2, 3, 4]) {
    page.again(html`<${Shown} version=${version} />`);
    // Its effects have run then.
    await Promise.resolve();
  }
  expect(asked).toHaveLength(1);

  hide(false);
  await until('the second answer', async () => page.text() === '2');
  hide(true);
  hide(false);
  expect(asked).toHaveLength(2);
});

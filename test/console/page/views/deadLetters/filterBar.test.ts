import { expect, it, onTestFinished } from 'vitest';
import { html } from '../../../../../console/page/html.ts';
import { readDeadLetterRoute } from '../../../../../console/page/views/deadLetters/deadLetterRoute.ts';
import { FilterBar } from '../../../../../console/page/views/deadLetters/filterBar.ts';
import { until } from '../../../../../proof/until.ts';
import { draw } from '../../draw.ts';
import { fakeBrowser } from '../../fakeBrowser.ts';

const bar = (path: string, query: string) =>
  html`<${FilterBar} route=${readDeadLetterRoute([path], new URLSearchParams(query))} />`;

const open = async () => {
  const browser = fakeBrowser(() => null);
  const page = draw(bar('list', ''));
  onTestFinished(page.end);
  const [field] = page.all('input');
  if (field === undefined) throw new Error('no field');
  const type = (value: string): void => {
    browser.document.activeElement = field;
    field.value = value;
    field.fire('input');
  };
  await Promise.resolve();
  return { ...browser, again: page.again, field, type };
};

it('leaves the letter open that was opened while its text was still being typed', async () => {
  const { again, type, location } = await open();
  type('got');
  again(bar('letter', 'letter=x'));

  await until('the filter', async () => location.hash !== '');

  expect(location.hash).toBe('#dead-letters/letter?text=got&letter=x');
});

it('writes over nothing that is being typed, and takes the text of a link', async () => {
  const { again, field, type, location, document } = await open();
  type('order ');
  await until('the filter', async () => location.hash !== '');
  type('order 1');
  again(bar('list', 'text=order'));
  expect(location.hash).toBe('#dead-letters/list?text=order');
  await until('the rest', async () => location.hash.endsWith('order+1'));
  expect(field.value).toBe('order 1');

  document.activeElement = null;
  again(bar('list', 'text=order+2'));
  await until('the text of the link', async () => field.value === 'order 2');
});

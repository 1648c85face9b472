import { expect, it, onTestFinished } from 'vitest';
import { NOTHING_YET } from '../../../../../console/page/frame/createLive.ts';
import { html } from '../../../../../console/page/html.ts';
import { ChooseOrder } from '../../../../../console/page/views/orders/chooseOrder.ts';
import { draw } from '../../draw.ts';

it.each([
  [true, 'Orders Order, payment, event or message id Find No order has passed by yet'],
  [false, 'Orders Order, payment, event or message id Find'],
])('offers what passed by only where messages are seen: %s', (isLocal, said) => {
  const page = draw(html`<${ChooseOrder} place=${{ isLocal }} live=${NOTHING_YET} />`);
  onTestFinished(page.end);

  const texts = ['h1', 'label', 'button', 'h2'].flatMap((name) => page.all(name).map(({ text }) => text()));
  expect(texts.filter((text) => text !== 'Copy').join(' ')).toBe(said);
});

import { expect, it, onTestFinished } from 'vitest';
import { html } from '../../../../../console/page/html.ts';
import { HealForm } from '../../../../../console/page/views/orders/healForm.ts';
import { draw } from '../../draw.ts';

it.each([
  ['live', false],
  ['lost', true],
])('says where it heals, and while the page is %s, its button is disabled: %s', (state, isDisabled) => {
  const page = draw(
    html`<${HealForm}
      order=${{ orderId: '17', problems: ['There is no row'] }}
      place=${{ project: 'p', keyspace: 'k', cluster: 'c' }}
      live=${{ state }}
    />`,
  );
  onTestFinished(page.end);

  expect(page.text()).toContain('project p, keyspace k, cluster c');
  expect(page.all('button')[0]?.attributes.has('disabled')).toBe(isDisabled);
});

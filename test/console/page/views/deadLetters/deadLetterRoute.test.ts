import { describe, expect, it } from 'vitest';
import {
  hrefOf,
  pathOf,
  readDeadLetterRoute,
} from '../../../../../console/page/views/deadLetters/deadLetterRoute.ts';

const read = (path: readonly string[], query = '') => readDeadLetterRoute(path, new URLSearchParams(query));

describe('the route of dead letters', () => {
  it.each([
    ['#dead-letters', [], ''],
    ['#dead-letters/list?reason=invalid', ['list'], 'reason=invalid'],
    [
      '#dead-letters/edit?state=any&text=8290&page=2&letter=2026-11-24%2F1%2Fab%2Finvalid',
      ['edit'],
      'state=any&text=8290&page=2&letter=2026-11-24%2F1%2Fab%2Finvalid',
    ],
  ])('is written as it was read: %s', (href, path, query) => {
    expect(hrefOf(read(path, query))).toBe(href);
  });

  it('leaves out what is the default, and takes nothing that it does not know', () => {
    expect(hrefOf(read(['nowhere'], 'state=lost&page=1&colour=red'))).toBe('#dead-letters');
    expect(pathOf(read(['list'], 'reason=invalid&state=open&letter=x'))).toBe(
      '/api/dead-letters?reason=invalid',
    );
    expect(pathOf(read([], 'state=closed&page=3&sort=newest'))).toBe(
      '/api/dead-letters?state=closed&sort=newest&page=3',
    );
  });
});

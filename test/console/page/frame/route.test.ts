import { describe, expect, it } from 'vitest';
import { hrefTo, readRoute } from '../../../../console/page/frame/route.ts';

const read = (hash: string) => {
  const { name, path, query } = readRoute(hash);
  return [name, path, Object.fromEntries(query)];
};

describe('a place on the page', () => {
  it.for<[string, string, string[], Record<string, string>]>([
    ['', '', [], {}],
    ['#overview', 'overview', [], {}],
    ['#order/17', 'order', ['17'], {}],
    ['#stream/7c1f?text=a%20b&topic=orders_data', 'stream', ['7c1f'], { text: 'a b', topic: 'orders_data' }],
    ['#stream?text=what%3F', 'stream', [], { text: 'what?' }],
    ['#order/a%2Fb', 'order', ['a/b'], {}],
    ['#order/%E0%A4%A', 'order', ['%E0%A4%A'], {}],
  ])('%j is read', ([hash, name, path, query]) => {
    expect(read(hash)).toEqual([name, path, query]);
  });

  it('has an address that leads to it again', () => {
    const href = hrefTo('stream', ['a/b?c#d'], { text: 'Ärger & 1=1', topic: '' });

    expect(read(href)).toEqual(['stream', ['a/b?c#d'], { text: 'Ärger & 1=1' }]);
    expect(hrefTo('overview')).toBe('#overview');
  });
});

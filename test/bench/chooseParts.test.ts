import { expect, it } from 'vitest';
import { chooseParts, PARTS } from '../../bench/chooseParts.ts';

it('has all parts, or in a quick run all that are short', () => {
  expect([...chooseParts(undefined, false)]).toEqual(PARTS);
  expect([...chooseParts(undefined, true)]).toEqual([
    'counts',
    'end-to-end',
    'handlers',
    'store-port',
    'open-loop',
    'starts',
    'simulator',
  ]);
});

it('has the parts that are named, however long they are, and what they need', () => {
  expect([...chooseParts(['nodes'], true)]).toEqual(['nodes']);
  expect([...chooseParts(['open-loop'], false)]).toEqual(['open-loop', 'end-to-end']);
});

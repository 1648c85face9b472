import { describe, expect, it } from 'vitest';
import { measureBrackets } from '../../../shared/messaging/measureBrackets.ts';

describe('the objects and arrays of a text', () => {
  it.each([
    ['', 0, 0],
    ['{}', 1, 1],
    ['[[],{}]', 3, 2],
    ['[{},[]]', 3, 2],
    ['{"a":[1,{"b":[]}]}', 4, 4],
    ['"[[["', 0, 0],
    ['"\\"[" []', 1, 1],
    ['"\\\\" [', 1, 1],
    // A string that is never closed hides what follows: it is no JSON anyway.
    ['[" [[', 1, 1],
    ['["\\" [[', 1, 1],
    [']][', 1, 0],
  ])('of %j are %i, %i of them open at once', (json, count, depth) => {
    expect(measureBrackets(json)).toEqual({ count, depth });
  });

  it('are counted no further than asked', () => {
    expect(measureBrackets('[[[[[[', 2)).toEqual({ count: 3, depth: 3 });
  });
});

import { describe, expect, it } from 'vitest';
import { plural } from '../../cli/plural.ts';

describe('a number with its noun', () => {
  it.each([
    [0, '0 dead letters'],
    [1, '1 dead letter'],
    [2, '2 dead letters'],
  ])('agrees with it: %i', (count, text) => {
    expect(plural(count, 'dead letter')).toBe(text);
  });

  it('takes a noun that has no regular plural', () => {
    expect([plural(1, 'entry', 'entries'), plural(0, 'entry', 'entries')]).toEqual(['1 entry', '0 entries']);
  });
});

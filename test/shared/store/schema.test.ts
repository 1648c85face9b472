import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../shared/store/schema.ts';
import { tokenRanges, WHOLE_RING } from '../../../shared/store/tokenRanges.ts';

describe('the schema that the code needs', () => {
  it('is every file of cql/', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../shared/store/cql')).toSorted();

    expect(files).toEqual(MIGRATIONS);
  });
});

describe('the ranges of a slice', () => {
  it.each([
    [WHOLE_RING, 16],
    [{ index: 0, of: 4 }, 1],
    [{ index: 3, of: 4 }, 4],
    [{ index: 1023, of: 1024 }, 1],
  ])('of %j lie end to end', (slice, count) => {
    const ranges = tokenRanges(slice, count);

    expect(ranges).toHaveLength(count);
    for (const [place, [after, upTo]] of ranges.entries()) {
      expect(after).toBeLessThan(upTo);
      expect(after).toBe(place === 0 ? after : ranges[place - 1]?.[1]);
    }
  });

  it.each([1, 3, 1024])('of %i slices together are the ring, without a gap', (of) => {
    const all = Array.from({ length: of }, (_, index) => tokenRanges({ index, of }, 1)).flat();

    expect(all[0]?.[0]).toBe(-(2n ** 63n));
    expect(all.at(-1)?.[1]).toBe(2n ** 63n - 1n);
    for (const [place, [after]] of all.entries())
      expect(after).toBe(place === 0 ? after : all[place - 1]?.[1]);
  });
});

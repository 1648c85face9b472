const TOKEN_MIN = -(2n ** 63n);
const TOKEN_MAX = 2n ** 63n - 1n;

/** The tokens above the first, up to and including the second. */
export type TokenRange = readonly [after: bigint, upTo: bigint];

/** Part `index` of `of` equal parts of the ring. The first part has the index 0. */
export interface RingSlice {
  readonly index: number;
  readonly of: number;
}

export const WHOLE_RING: RingSlice = { index: 0, of: 1 };

/**
 * Cuts a slice of the ring into ranges, so that no query stays open for a whole table.
 * `(WHOLE_RING, 2)` → `[[-(2n ** 63n), -1n], [-1n, 2n ** 63n - 1n]]`. Cassandra never uses the smallest
 * token for a row, so no range contains it.
 * @param ranges the number of ranges.
 */
export const tokenRanges = ({ index, of }: RingSlice, ranges: number): readonly TokenRange[] => {
  const parts = BigInt(of) * BigInt(ranges);
  const width = (TOKEN_MAX - TOKEN_MIN) / parts;
  return Array.from({ length: ranges }, (_, range): TokenRange => {
    const part = BigInt(index) * BigInt(ranges) + BigInt(range);
    const after = TOKEN_MIN + part * width;
    return [after, part === parts - 1n ? TOKEN_MAX : after + width];
  });
};

const TOKEN_MIN = -(2n ** 63n);
export const TOKEN_MAX = 2n ** 63n - 1n;

/** The tokens above the first, up to and including the second. */
type TokenRange = readonly [after: bigint, upTo: bigint];

/**
 * Cuts the ring into ranges, so that no query stays open for a whole table.
 * `2` → `[[-(2n ** 63n), -1n], [-1n, 2n ** 63n - 1n]]`. Cassandra never uses the smallest token for a row,
 * so no range contains it.
 * @param ranges the number of ranges.
 */
export const tokenRanges = (ranges: number): readonly TokenRange[] => {
  const width = (TOKEN_MAX - TOKEN_MIN) / BigInt(ranges);
  return Array.from({ length: ranges }, (_, range): TokenRange => {
    const after = TOKEN_MIN + BigInt(range) * width;
    return [after, range === ranges - 1 ? TOKEN_MAX : after + width];
  });
};

const TOKEN_MIN = -(2n ** 63n);
const TOKEN_MAX = 2n ** 63n - 1n;

/** Tokens above the first and up to the second. */
export type TokenRange = readonly [after: bigint, upTo: bigint];

/** One of so many equal parts of the ring; parts count from 0. */
export interface RingSlice {
  readonly index: number;
  readonly of: number;
}

export const WHOLE_RING: RingSlice = { index: 0, of: 1 };

/** The tokens of a slice in so many ranges, so that no single query has to stay open for a whole table. */
export const tokenRanges = ({ index, of }: RingSlice, ranges: number): readonly TokenRange[] => {
  const parts = BigInt(of) * BigInt(ranges);
  const width = (TOKEN_MAX - TOKEN_MIN) / parts;
  return Array.from({ length: ranges }, (_, range): TokenRange => {
    const part = BigInt(index) * BigInt(ranges) + BigInt(range);
    const after = TOKEN_MIN + part * width;
    return [after, part === parts - 1n ? TOKEN_MAX : after + width];
  });
};

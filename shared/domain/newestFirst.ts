/** What items are ordered by: the first value that differs decides. */
type Rank = readonly (bigint | number | string)[];

/**
 * Sorts items so that the one with the highest rank comes first. `([1, 3, 2], (n) => [n])` → `[3, 2, 1]`.
 */
export const newestFirst = <Item>(items: readonly Item[], rankOf: (item: Item) => Rank): Item[] =>
  items
    .map((item) => ({ item, rank: rankOf(item) }))
    .toSorted((a, b) => compare(b.rank, a.rank))
    .map(({ item }) => item);

const compare = (a: Rank, b: Rank): number => {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right !== undefined && left !== right) return left > right ? 1 : -1;
  }
  return 0;
};

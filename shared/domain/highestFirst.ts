/** What items are ordered by: the first value that differs decides. */
type SortKey = readonly (bigint | number | string)[];

/**
 * Sorts items so that the one with the highest key comes first. `([1, 3, 2], (n) => [n])` → `[3, 2, 1]`.
 */
export const highestFirst = <Item>(items: readonly Item[], keyOf: (item: Item) => SortKey): Item[] =>
  items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((a, b) => compare(b.key, a.key))
    .map(({ item }) => item);

const compare = (a: SortKey, b: SortKey): number => {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right !== undefined && left !== right) return left > right ? 1 : -1;
  }
  return 0;
};

/**
 * Groups items, so that a group is handled at once. A group ends when it has `size` items, or when its items
 * weigh `weight` or more together.
 * `(['a', 'b', 'c'], { size: 2 })` → `['a', 'b']`, `['c']`.
 * @param weigh what one item weighs. When left out, only the number counts.
 */
export const chunks = async function* <T>(
  items: AsyncIterable<T> | Iterable<T>,
  { size, weight = Infinity, weigh = () => 0 }: ChunkLimits<T>,
): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  let weighed = 0;
  for await (const item of items) {
    chunk.push(item);
    weighed += weigh(item);
    if (chunk.length < size && weighed < weight) continue;
    yield chunk;
    chunk = [];
    weighed = 0;
  }
  if (chunk.length > 0) yield chunk;
};

interface ChunkLimits<T> {
  readonly size: number;
  readonly weight?: number;
  readonly weigh?: (item: T) => number;
}

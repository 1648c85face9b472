/** The most partitions that are read at the same time. */
const READS_AT_ONCE = 64;
/** So many rows are read ahead of the one that is looked at, or one partition. */
const ROWS_AHEAD = 2_000;
/** Nobody knows yet how many rows a partition has. */
const FIRST_READS = 4;

/**
 * The rows of partitions, one partition after the other. The next ones are read while one is looked at: fewer
 * of them the more rows they have, so that a day of a million takes no more memory than a day of thousands.
 * @param partitions numbered from `first` up to and without `end`.
 * @param read all rows of one.
 */
export const scanPartitions = async function* <Row>(
  { first, end }: { readonly first: number; readonly end: number },
  read: (partition: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  const ahead: Promise<readonly Row[]>[] = [];
  let next = first;
  const readSome = (atOnce: number): void => {
    for (; next < end && ahead.length < atOnce; next += 1) {
      const reading = read(next);
      // Whoever stops before it is needed does not hear of its failure.
      reading.catch(() => {});
      ahead.push(reading);
    }
  };
  readSome(FIRST_READS);
  for (let reading = ahead.shift(); reading !== undefined; reading = ahead.shift()) {
    const rows = await reading;
    readSome(Math.min(Math.max(1, Math.floor(ROWS_AHEAD / Math.max(1, rows.length))), READS_AT_ONCE));
    yield rows;
  }
};

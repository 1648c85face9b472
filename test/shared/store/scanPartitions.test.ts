import { describe, expect, it } from 'vitest';
import { scanPartitions } from '../../../shared/store/scanPartitions.ts';

/** Partitions of this many rows each. Of each read it is noted how many nobody had looked at yet. */
const setUp = (rowsIn: (partition: number) => number) => {
  const waiting: number[] = [];
  let ahead = 0;
  const read = async (partition: number): Promise<readonly number[]> => {
    ahead += 1;
    waiting.push(ahead);
    return Array.from({ length: rowsIn(partition) }, () => partition);
  };
  const scan = async (first: number, end: number): Promise<readonly number[]> => {
    const looked: number[] = [];
    for await (const rows of scanPartitions({ first, end }, read)) {
      looked.push(...new Set(rows));
      ahead -= 1;
    }
    return looked;
  };
  return { waiting, scan, read };
};

describe('the rows of partitions', () => {
  it('come in the order of the partitions', async () => {
    const { scan } = setUp((partition) => (partition % 3 === 0 ? 0 : 1));

    expect(await scan(5, 12)).toEqual([5, 7, 8, 10, 11]);
    expect(await scan(12, 12)).toEqual([]);
  });

  it.each([
    [0, 64],
    [31, 64],
    [100, 20],
    [1_000, 2],
    [10_000, 1],
  ])('are read ahead: of partitions with %i rows each, %i', async (rows, most) => {
    const { waiting, scan } = setUp(() => rows);

    await scan(0, 300);

    // The one that is looked at counts, too. Of the first ones nobody knows how many rows they have.
    expect(Math.max(...waiting.slice(4)) - 1).toBe(most);
  });

  it('may be left in the middle, also when what was read ahead fails', async () => {
    const { read } = setUp(() => 1);
    const failing = (partition: number) =>
      partition < 2 ? read(partition) : Promise.reject(new Error('the store is away'));

    for await (const rows of scanPartitions({ first: 0, end: 9 }, failing)) {
      expect(rows).toEqual([0]);
      break;
    }
    await expect(Array.fromAsync(scanPartitions({ first: 2, end: 3 }, failing))).rejects.toThrow('is away');
  });
});

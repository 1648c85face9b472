import { isNewer } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { ExpectedRow } from './oracle.ts';
import type { Cluster } from './world.ts';

/**
 * Two of three replicas. What one quorum has, every other quorum sees, because two quorums share a replica.
 */
export const QUORUM = 2;

/**
 * Whether a quorum of replicas has every cell of a row, or a newer cell in its place.
 * @param only the place of a cell. The other cells are then not looked at.
 */
export const isDurable = (
  { replicas }: Cluster,
  { table, partition, row, cells }: ExpectedRow,
  only?: number,
): boolean => {
  const { cellColumns } = tableNamed(table);
  const rows = replicas.map((replica) => replica.cells(table, partition, row));
  for (const [place, cell] of cells.entries()) {
    const type = cellColumns[place]?.type;
    if (cell === undefined || type === undefined || (only ?? place) !== place) continue;
    let holders = 0;
    for (const found of rows) {
      const stored = found?.[place];
      if (stored !== undefined && !isNewer(cell, stored, type)) holders += 1;
    }
    if (holders < QUORUM) return false;
  }
  return true;
};

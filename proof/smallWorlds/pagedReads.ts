import { readFrom } from '../simulation/cassandra/readFrom.ts';
import {
  compareRows,
  mergeRows,
  type Replica,
  type RowWrite,
  type StoredRow,
} from '../simulation/cassandra/replica.ts';
import type { BoundRead } from '../simulation/cassandra/statements.ts';

/** A read of one page. */
export interface PageRead {
  readonly bound: BoundRead;
  /** The last row of the page before; undefined for the first page. */
  readonly after: StoredRow | undefined;
}

/**
 * Reads in pages by key, as Cassandra does. Each page is a read, and rows may have come since the last one.
 * @param pageRows the most rows of a page; Infinity when every read has one page.
 */
export const createPagedReads = (pageRows: number) => {
  /** The last row of a page, by page state. */
  const ends: StoredRow[] = [];
  const pageStateOf = (end: StoredRow): string => {
    const known = ends.findIndex(({ row }) => row === end.row);
    return String(known === -1 ? ends.push(end) - 1 : known);
  };
  return {
    toPageRead: (bound: BoundRead, pageState: string | undefined): PageRead => ({
      bound,
      after: pageState === undefined ? undefined : ends[Number(pageState)],
    }),
    /** A full page says that more may follow, also when nothing does. */
    pageOf: ({ bound, after }: PageRead, replica: Replica) => {
      const rows = mergeRows(bound.table, [readFrom(replica, bound)]);
      const page = rows.filter((row) => isAfter(bound, row, after)).slice(0, pageRows);
      const end = page.length === pageRows ? page.at(-1) : undefined;
      return { rows: bound.toRows(page), pageState: end === undefined ? null : pageStateOf(end) };
    },
  };
};

/** Whether a read can see a row that is written. */
export const canSee = ({ bound, after }: PageRead, row: RowWrite): boolean => {
  const { table, from } = bound;
  if ('after' in from) throw new Error('expected a read of one partition, got one of a token range');
  return row.table === table && row.partition === from.partition && isAfter(bound, row, after);
};

const isAfter = ({ table }: BoundRead, row: StoredRow, end: StoredRow | undefined): boolean =>
  end === undefined || compareRows(table, row, end) > 0;

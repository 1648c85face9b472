import { compareRows, type StoredRow } from './replica.ts';
import type { Table } from './tables.ts';

interface PageRequest {
  /** Undefined for the first page. */
  readonly pageState: string | undefined;
  /** How many rows the page has at most; undefined for all rows that are left. */
  readonly pageRows: number | undefined;
  /** Cassandra sends at most this many, though more are left; undefined when it does not do so. */
  readonly shortRows?: number | undefined;
}

interface Page {
  readonly rows: readonly StoredRow[];
  /** Null on the last page. */
  readonly pageState: string | null;
}

interface Paging {
  /** @param rows all rows that a quorum has at the time of the page, in clustering order. */
  readonly pageOf: (table: Table, rows: readonly StoredRow[], request: PageRequest) => Page;
}

/**
 * Answers in pages. Each page is read when it is requested, and begins after the last row of the page before.
 * Rows that were written in between may be in it. A full page and a short one say that more may follow, also
 * when nothing does.
 */
export const createPaging = (): Paging => {
  /** The last row of each page, by page state; undefined when the page and those before it were empty. */
  const ends: (StoredRow | undefined)[] = [];
  return {
    pageOf: (table, rows, { pageState, pageRows, shortRows }) => {
      const end = pageState === undefined ? undefined : ends[Number(pageState)];
      const left = end === undefined ? rows : rows.filter((row) => compareRows(table, row, end) > 0);
      const isLast = shortRows === undefined && (pageRows === undefined || left.length < pageRows);
      if (isLast) return { rows: left, pageState: null };
      const page = left.slice(0, Math.min(shortRows ?? Infinity, pageRows ?? Infinity));
      return { rows: page, pageState: String(ends.push(page.at(-1) ?? end) - 1) };
    },
  };
};

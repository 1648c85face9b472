import { compareRows, type StoredRow } from './replica.ts';
import type { Table } from './tables.ts';

/** Which page is asked for, and how many rows it may have; undefined for the first one and for all that are left. */
interface PageRequest {
  readonly pageState: string | undefined;
  readonly rowsMax: number | undefined;
}

interface Page {
  readonly rows: readonly StoredRow[];
  /** Null says that it is the last one. */
  readonly pageState: string | null;
}

interface Paging {
  /** @param rows all that a quorum has at the time of the page, in clustering order. */
  readonly pageOf: (table: Table, rows: readonly StoredRow[], request: PageRequest) => Page;
}

/**
 * Answers in pages, each of them read when it is asked for: a page goes on behind the last row of the one before, whatever has
 * come meanwhile. One that is cut short says that more may follow, even where nothing does.
 */
export const createPaging = (): Paging => {
  /** By page state; undefined stands before the first row. */
  const ends: (StoredRow | undefined)[] = [];
  return {
    pageOf: (table, rows, { pageState, rowsMax }) => {
      const end = pageState === undefined ? undefined : ends[Number(pageState)];
      const left = end === undefined ? rows : rows.filter((row) => compareRows(table, row, end) > 0);
      if (rowsMax === undefined) return { rows: left, pageState: null };
      const page = left.slice(0, rowsMax);
      return { rows: page, pageState: String(ends.push(page.at(-1) ?? end) - 1) };
    },
  };
};

import { describe, expect, it } from 'vitest';
import { readPages, readRows } from '../../../../shared/store/driver/readPages.ts';

type Page = readonly [rows: readonly number[], pageState: string | null];

/** A connection that answers each page state with its page. */
const clientOf = (pages: Readonly<Record<string, Page>>) => ({
  connect: async () => ({
    execute: async (_query: string, _params: unknown[], options: { readonly pageState?: string }) => {
      const [rows, pageState] = pages[options.pageState ?? 'first'] ?? [[], null];
      return { rows, pageState };
    },
  }),
});

const client = clientOf({
  first: [[], 'b'],
  b: [[1, 2], 'c'],
  c: [[], 'd'],
  d: [[3], 'e'],
  e: [[], null],
});

const QUERY = { query: 'SELECT', params: [], pageRows: 2 };

describe('the rows of a query', () => {
  it('go on after pages that are empty, and end with the last page state', async () => {
    const rows = await readRows(client, QUERY);

    expect(rows).toEqual([1, 2, 3]);
  });

  it('come page by page where there are many', async () => {
    const pages = await Array.fromAsync(readPages(client, QUERY));

    expect(pages).toEqual([[], [1, 2], [], [3], []]);
  });
});

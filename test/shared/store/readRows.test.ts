import { describe, expect, it } from 'vitest';
import { readRows } from '../../../shared/store/cassandraClient.ts';

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

describe('the rows of a query', () => {
  it('go on after pages that are empty, and end with the last page state', async () => {
    const client = clientOf({
      first: [[], 'b'],
      b: [[1, 2], 'c'],
      c: [[], 'd'],
      d: [[3], 'e'],
      e: [[], null],
    });

    const rows = await Array.fromAsync(readRows(client, 'SELECT', [], 2));

    expect(rows).toEqual([1, 2, 3]);
  });
});

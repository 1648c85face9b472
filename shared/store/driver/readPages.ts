import { toStoreError } from './toStoreError.ts';

/** The method of the driver's client that reading needs. */
interface PagedReader<Row> {
  readonly execute: (
    query: string,
    params: unknown[],
    options: { readonly fetchSize: number; readonly pageState?: string },
  ) => Promise<{ readonly rows: readonly Row[]; readonly pageState: string | null }>;
}

interface PagedClient<Row> {
  readonly connect: () => Promise<PagedReader<Row>>;
}

interface PagedQuery {
  readonly query: string;
  /** The values of its markers. */
  readonly params: readonly unknown[];
  /** The most rows that a page has. */
  readonly pageRows: number;
  /** The most rows that each page after the first has; `pageRows` when left out. */
  readonly laterPageRows?: number;
}

/**
 * The rows of a query, page by page. Only a page without a page state ends the result. The driver's own
 * iterator ends at the first empty page. But Cassandra may send an empty page before the last one, when
 * tombstones or filters remove all of its rows.
 * @throws TransientError when the store does not answer in time.
 */
export const readPages = async function* <Row>(
  client: PagedClient<Row>,
  query: PagedQuery,
): AsyncGenerator<readonly Row[]> {
  let pageState: string | undefined;
  do {
    const page = await readPage(client, query, pageState);
    yield page.rows;
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
};

/**
 * All rows of a query that has few of them. It reads pages as `readPages` does.
 * @throws TransientError when the store does not answer in time.
 */
export const readRows = async <Row>(client: PagedClient<Row>, query: PagedQuery): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for await (const page of readPages(client, query)) rows.push(...page);
  return rows;
};

const readPage = async <Row>(
  client: PagedClient<Row>,
  { query, params, pageRows, laterPageRows = pageRows }: PagedQuery,
  pageState: string | undefined,
) => {
  const paging = pageState === undefined ? { fetchSize: pageRows } : { fetchSize: laterPageRows, pageState };
  try {
    const connection = await client.connect();
    return await connection.execute(query, [...params], paging);
  } catch (error) {
    throw toStoreError(error);
  }
};

import { toStoreError } from './toStoreError.ts';

/** The method of the driver's client that reading needs. */
interface PagedReader<Row> {
  readonly execute: (
    query: string,
    params: unknown[],
    options: { readonly fetchSize: number; readonly pageState?: string },
  ) => Promise<{ readonly rows: readonly Row[]; readonly pageState: string | null }>;
}

/** A query with its values, and the most rows that the first page and each later page of its answer have. */
type PagedQuery<Row> = readonly [
  client: { readonly connect: () => Promise<PagedReader<Row>> },
  query: string,
  params: readonly unknown[],
  pageRows: number | readonly [first: number, later: number],
];

/**
 * The rows of a query, page by page. Only a page without a page state ends the result. The driver's own
 * iterator ends at the first empty page. But Cassandra may send an empty page before the last one, when
 * tombstones or filters remove all of its rows.
 * @throws TransientError when the store does not answer in time.
 */
export const readPages = async function* <Row>(...query: PagedQuery<Row>): AsyncGenerator<readonly Row[]> {
  let pageState: string | undefined;
  do {
    const page = await readPage(query, pageState);
    yield page.rows;
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
};

/**
 * All rows of a query that has few of them. It reads pages as `readPages` does.
 * @throws TransientError when the store does not answer in time.
 */
export const readRows = async <Row>(...query: PagedQuery<Row>): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for await (const page of readPages(...query)) rows.push(...page);
  return rows;
};

const readPage = async <Row>(
  [client, query, params, pageRows]: PagedQuery<Row>,
  pageState: string | undefined,
) => {
  const [firstRows, laterRows] = typeof pageRows === 'number' ? [pageRows, pageRows] : pageRows;
  const paging = pageState === undefined ? { fetchSize: firstRows } : { fetchSize: laterRows, pageState };
  try {
    const connection = await client.connect();
    return await connection.execute(query, [...params], paging);
  } catch (error) {
    throw toStoreError(error);
  }
};

import { toStoreError } from './toStoreError.ts';

/** As much of the driver's client as reading needs. */
interface PagedReader<Row> {
  readonly execute: (
    query: string,
    params: unknown[],
    options: { readonly fetchSize: number; readonly pageState?: string },
  ) => Promise<{ readonly rows: readonly Row[]; readonly pageState: string | null }>;
}

/** A query with its values, and how many rows a page of its answer has. */
type PagedQuery<Row> = readonly [
  client: { readonly connect: () => Promise<PagedReader<Row>> },
  query: string,
  params: readonly unknown[],
  pageRows: number,
];

/**
 * The rows of a query, page by page: only a missing page state ends a result. The driver's own iterator ends at the first
 * empty page, and Cassandra may send one before the last, where tombstones or filtering took all of its rows.
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

/** Every row of a query that has few, read as `readPages` reads them. */
export const readRows = async <Row>(...query: PagedQuery<Row>): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  let pageState: string | undefined;
  do {
    const page = await readPage(query, pageState);
    rows.push(...page.rows);
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
  return rows;
};

const readPage = async <Row>(
  [client, query, params, pageRows]: PagedQuery<Row>,
  pageState: string | undefined,
) => {
  try {
    const connection = await client.connect();
    const paging = pageState === undefined ? {} : { pageState };
    return await connection.execute(query, [...params], { fetchSize: pageRows, ...paging });
  } catch (error) {
    throw toStoreError(error);
  }
};

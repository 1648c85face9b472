import type { types } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { createTestKeyspace, hasCassandra } from '../../support/cassandra/testKeyspace.ts';
import { createPaging } from '../../../proof/simulation/cassandra/paging.ts';
import { readFrom } from '../../../proof/simulation/cassandra/readFrom.ts';
import { mergeRows, Replica } from '../../../proof/simulation/cassandra/replica.ts';
import { compile } from '../../../proof/simulation/cassandra/statements.ts';

const ORDER_ID = 1n;
const ROWS_A_PAGE = 2;
const INSERT =
  'INSERT INTO payments_by_order (order_id, payment_id, event_id, payment_method) VALUES (?, ?, ?, ?) USING TIMESTAMP ?';
const SELECT = 'SELECT payment_id FROM payments_by_order WHERE order_id = ?';

interface PagedLedger {
  readonly insert: (paymentId: bigint) => Promise<void>;
  readonly readPage: (
    pageState: string | undefined,
  ) => Promise<{ readonly paymentIds: readonly bigint[]; readonly pageState: string | null }>;
}

const paramsOf = (paymentId: bigint): unknown[] => [ORDER_ID, paymentId, 'e', 'card', 1n];

const openModel = async (): Promise<PagedLedger> => {
  const replica = new Replica();
  const paging = createPaging();
  return {
    insert: async (paymentId) => {
      const statement = compile(INSERT);
      if (statement.kind === 'write') replica.apply(statement.bind(paramsOf(paymentId), () => 1n));
    },
    readPage: async (pageState) => {
      const statement = compile(SELECT);
      if (statement.kind !== 'read') throw new Error('a SELECT reads');
      const bound = statement.bind([ORDER_ID]);
      const rows = mergeRows(bound.table, [readFrom(replica, bound)]);
      const page = paging.pageOf(bound.table, rows, { pageState, rowsMax: ROWS_A_PAGE });
      const paymentIds = bound.toRows(page.rows).map((row) => row.get('payment_id') as bigint);
      return { paymentIds, pageState: page.pageState };
    },
  };
};

const openCassandra = async (): Promise<PagedLedger> => {
  const connection = await (await createTestKeyspace()).client.connect();
  return {
    insert: async (paymentId) => {
      await connection.execute(INSERT, paramsOf(paymentId));
    },
    readPage: async (pageState) => {
      const paging = pageState === undefined ? {} : { pageState };
      const result = await connection.execute(SELECT, [ORDER_ID], { fetchSize: ROWS_A_PAGE, ...paging });
      const paymentIds = result.rows.map((row: types.Row) => row.get('payment_id') as bigint);
      return { paymentIds, pageState: result.pageState };
    },
  };
};

const describePaging = (name: string, open: () => Promise<PagedLedger>): void => {
  describe(`a page of ${name}`, () => {
    it('begins after the last row of the page before, also when rows have come in between', async () => {
      const ledger = await open();
      for (const paymentId of [50n, 10n, 30n, 70n]) await ledger.insert(paymentId);

      const first = await ledger.readPage(undefined);
      for (const paymentId of [20n, 40n]) await ledger.insert(paymentId);
      const second = await ledger.readPage(first.pageState ?? undefined);

      expect(first.paymentIds).toEqual([10n, 30n]);
      expect(second.paymentIds).toEqual([40n, 50n]);
    });
  });
};

describePaging('the simulated replicas', openModel);
describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  describePaging('Cassandra', openCassandra);
});

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
  'INSERT INTO ledger_by_order (order_id, is_order, at, event_id, part, contract_version, kind) VALUES (?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?';
const SELECT = 'SELECT is_order, at FROM ledger_by_order WHERE order_id = ?';

interface Entry {
  readonly isOrder: boolean;
  readonly atMs: number;
}

interface PagedLedger {
  readonly insert: (entry: Entry) => Promise<void>;
  readonly readPage: (
    pageState: string | undefined,
  ) => Promise<{ readonly entries: readonly Entry[]; readonly pageState: string | null }>;
}

const order = (atMs: number): Entry => ({ isOrder: true, atMs });
const payment = (atMs: number): Entry => ({ isOrder: false, atMs });

const paramsOf = ({ isOrder, atMs }: Entry): unknown[] => {
  const key = [ORDER_ID, isOrder, new Date(atMs), 'e', 0, 1];
  return [...key, 'order', 1n];
};

const entryOf = (row: { readonly get: (column: string) => unknown }): Entry => ({
  isOrder: row.get('is_order') === true,
  atMs: (row.get('at') as Date).getTime(),
});

const openModel = async (): Promise<PagedLedger> => {
  const replica = new Replica();
  const paging = createPaging();
  return {
    insert: async (entry) => {
      const statement = compile(INSERT);
      if (statement.kind === 'write') replica.apply(statement.bind(paramsOf(entry), () => 1n));
    },
    readPage: async (pageState) => {
      const statement = compile(SELECT);
      if (statement.kind !== 'read') throw new Error('expected a read');
      const bound = statement.bind([ORDER_ID]);
      const rows = mergeRows(bound.table, [readFrom(replica, bound)]);
      const page = paging.pageOf(bound.table, rows, { pageState, pageRows: ROWS_A_PAGE });
      return { entries: bound.toRows(page.rows).map(entryOf), pageState: page.pageState };
    },
  };
};

const openCassandra = async (): Promise<PagedLedger> => {
  const connection = await (await createTestKeyspace()).client.connect();
  return {
    insert: async (entry) => {
      await connection.execute(INSERT, paramsOf(entry));
    },
    readPage: async (pageState) => {
      const paging = pageState === undefined ? {} : { pageState };
      const result = await connection.execute(SELECT, [ORDER_ID], { fetchSize: ROWS_A_PAGE, ...paging });
      return { entries: result.rows.map((row: types.Row) => entryOf(row)), pageState: result.pageState };
    },
  };
};

const describePaging = (name: string, open: () => Promise<PagedLedger>): void => {
  describe(`a page of ${name}`, () => {
    it('has payments before orders, and the newest of each first', async () => {
      const ledger = await open();
      for (const entry of [order(1), payment(2), order(3), payment(4)]) await ledger.insert(entry);

      const first = await ledger.readPage(undefined);
      const second = await ledger.readPage(first.pageState ?? undefined);

      expect(first.entries).toEqual([payment(4), payment(2)]);
      expect(second.entries).toEqual([order(3), order(1)]);
    });

    it('begins after the last row of the page before, also when rows were written in between', async () => {
      const ledger = await open();
      for (const atMs of [50, 10, 30, 70]) await ledger.insert(order(atMs));

      const first = await ledger.readPage(undefined);
      for (const atMs of [60, 40]) await ledger.insert(order(atMs));
      const second = await ledger.readPage(first.pageState ?? undefined);

      expect(first.entries).toEqual([order(70), order(50)]);
      expect(second.entries).toEqual([order(40), order(30)]);
    });

    it('is the last one when it is not full', async () => {
      const ledger = await open();
      await ledger.insert(order(1));

      expect((await ledger.readPage(undefined)).pageState).toBeNull();
    });
  });
};

describePaging('the simulated replicas', openModel);
describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  describePaging('Cassandra', openCassandra);
});

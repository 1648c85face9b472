import type { types } from 'cassandra-driver';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createTestKeyspace, hasCassandra } from '../../support/cassandra/testKeyspace.ts';
import { createCalmClient } from '../../../proof/simulation/cassandra/client.ts';
import { Replica } from '../../../proof/simulation/cassandra/replica.ts';

const SEED = 20_261_124;
/** Thousands of statements take long on a busy machine. */
const TIMEOUT_MS = 300_000;
const TEXTS = ['', 'a', 'ab', 'b', 'é', '\u{fffd}', '\u{1f600}'];

/** One write of a random history. A column has a value, is null, or is left out. */
interface Write {
  readonly kind: 'update' | 'insert' | 'ledger' | 'blank' | 'batch';
  readonly at: bigint;
  readonly customerId: bigint | null | undefined;
  readonly item: string | null | undefined;
  readonly price: number | null | undefined;
  readonly redacted: boolean | null | undefined;
  readonly isOrder: boolean;
  readonly atMs: number;
}

const cell = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null), fc.constant(undefined));

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom('update', 'insert', 'ledger', 'blank', 'batch'),
  at: fc.bigInt({ min: 1n, max: 4n }),
  customerId: cell(fc.constantFrom(0n, 1n, 255n, 256n, -1n, 2n ** 63n - 1n)),
  item: cell(fc.constantFrom(...TEXTS)),
  price: cell(fc.constantFrom(0, 0.5, 1, 1.5, 1e300)),
  redacted: cell(fc.boolean()),
  isOrder: fc.boolean(),
  atMs: fc.constantFrom(1_705_881_585_015, 1_705_881_585_016),
});

const UPDATE =
  'UPDATE orders_payments_facts USING TIMESTAMP ? SET customer_id = ?, item = ?, price = ? WHERE order_id = ?';
const INSERT =
  'INSERT INTO orders_payments_facts (order_id, customer_id, item) VALUES (?, ?, ?) USING TIMESTAMP ?';
const ENTRY =
  'INSERT INTO ledger_by_order (order_id, is_order, at, event_id, part, contract_version, item, redacted) VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?';
const BLANK =
  'UPDATE ledger_by_order USING TIMESTAMP ? SET item = ?, redacted = ? WHERE order_id = ? AND is_order = ? AND at = ? AND event_id = ? AND part = ? AND contract_version = ?';

interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

/** The statements of a write, on one order. Several are one batch, as the store sends it. */
const statementsOf = (orderId: bigint, one: Write): readonly Statement[] => {
  const { kind, at, customerId, item, price, redacted, isOrder, atMs } = one;
  const key = [isOrder, new Date(atMs), 'e', 0, 1];
  const update = { query: UPDATE, params: [at, customerId, item, price, orderId] };
  const entry = { query: ENTRY, params: [orderId, ...key, item, redacted, at] };
  switch (kind) {
    case 'update':
      return [update];
    case 'insert':
      return [{ query: INSERT, params: [orderId, customerId, item, at] }];
    case 'ledger':
      return [entry];
    case 'blank':
      return [{ query: BLANK, params: [at, item, redacted, orderId, ...key] }];
    case 'batch':
      // Two tables, and two updates of one row with different write times.
      return [
        entry,
        update,
        { query: UPDATE, params: [at + 1n, item === null ? 1n : null, item, price, orderId] },
      ];
  }
};

const FACT =
  'SELECT order_id, customer_id, WRITETIME(customer_id), item, WRITETIME(item), price, writetime(price) AS price_time FROM orders_payments_facts WHERE order_id = ?';
const LEDGER =
  'SELECT is_order, at, event_id, part, contract_version, item, WRITETIME(item), redacted FROM ledger_by_order WHERE order_id = ?';

const rowsOf = async (client: CassandraClient, orderId: bigint): Promise<unknown[]> => {
  const connection = await client.connect();
  const answers = [await connection.execute(FACT, [orderId]), await connection.execute(LEDGER, [orderId])];
  return answers.map(({ rows }) => rows.map((row: types.Row) => Object.fromEntries(Object.entries(row))));
};

const runAll = async (client: CassandraClient, orderId: bigint, history: readonly Write[]): Promise<void> => {
  const connection = await client.connect();
  for (const one of history) {
    const statements = statementsOf(orderId, one).map(({ query, params }) => ({
      query,
      params: [...params],
    }));
    await connection.batch(statements, { logged: false });
  }
};

describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  let real: CassandraClient;
  let lastOrderId = 0n;

  beforeAll(async () => {
    real = (await createTestKeyspace()).client;
  });

  it(
    'the simulated replicas have the same rows as Cassandra after any statements, also with nulls and equal write times',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 8 }), async (history) => {
          lastOrderId += 1n;
          const replicas = [new Replica(), new Replica(), new Replica()];
          let writes = 0;
          const model = createCalmClient(replicas, () => {
            writes += 1;
            return replicas.filter((_, index) => index !== writes % replicas.length);
          });

          await runAll(real, lastOrderId, history);
          await runAll(model, lastOrderId, history);

          expect(await rowsOf(model, lastOrderId)).toEqual(await rowsOf(real, lastOrderId));
        }),
        { numRuns: 400, seed: SEED },
      );
    },
    TIMEOUT_MS,
  );
});

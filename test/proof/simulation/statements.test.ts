import type { types } from 'cassandra-driver';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CassandraClient } from '../../../shared/store/cassandraClient.ts';
import { createTestKeyspace, hasCassandra } from '../../support/cassandra/testKeyspace.ts';
import { createCalmClient } from '../../../proof/simulation/cassandra/client.ts';
import { Replica } from '../../../proof/simulation/cassandra/replica.ts';

const SEED = 20_261_124;
const TEXTS = ['', 'a', 'ab', 'b', 'é', '\u{fffd}', '\u{1f600}'];

/** One write of a random history. Each column has a value, is null, or is left out. */
interface Write {
  readonly kind: 'update' | 'insert' | 'ledger';
  readonly at: bigint;
  readonly customerId: bigint | null | undefined;
  readonly item: string | null | undefined;
  readonly price: number | null | undefined;
  readonly parked: boolean | null | undefined;
  readonly paymentId: bigint;
}

const cell = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null), fc.constant(undefined));

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom('update', 'insert', 'ledger'),
  at: fc.bigInt({ min: 1n, max: 4n }),
  customerId: cell(fc.constantFrom(0n, 1n, 255n, 256n, -1n, 2n ** 63n - 1n)),
  item: cell(fc.constantFrom(...TEXTS)),
  price: cell(fc.constantFrom(0, 0.5, 1, 1.5, 1e300)),
  parked: cell(fc.boolean()),
  paymentId: fc.constantFrom(1n, 2n),
});

/** The statements of a history, on one order. */
const statementsOf = (orderId: bigint, { kind, at, customerId, item, price, parked, paymentId }: Write) => {
  switch (kind) {
    case 'update':
      return {
        query:
          'UPDATE orders_payments_facts USING TIMESTAMP ? SET customer_id = ?, item = ?, price = ? WHERE order_id = ?',
        params: [at, customerId, item, price, orderId],
      };
    case 'insert':
      return {
        query:
          'INSERT INTO orders_payments_facts (order_id, customer_id, item) VALUES (?, ?, ?) USING TIMESTAMP ?',
        params: [orderId, customerId, item, at],
      };
    case 'ledger':
      return {
        query:
          'INSERT INTO payments_by_order (order_id, payment_id, event_id, published_at, payment_method, parked) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?',
        params: [orderId, paymentId, 'e', new Date(Number(at)), item, parked, at],
      };
  }
};

const FACT =
  'SELECT order_id, customer_id, WRITETIME(customer_id), item, WRITETIME(item), price, WRITETIME(price) FROM orders_payments_facts WHERE order_id = ?';
const LEDGER =
  'SELECT payment_id, event_id, published_at, payment_method, WRITETIME(payment_method), parked FROM payments_by_order WHERE order_id = ?';

const rowsOf = async (client: CassandraClient, orderId: bigint): Promise<unknown[]> => {
  const connection = await client.connect();
  const answers = [await connection.execute(FACT, [orderId]), await connection.execute(LEDGER, [orderId])];
  return answers.map(({ rows }) => rows.map((row: types.Row) => Object.fromEntries(Object.entries(row))));
};

const runAll = async (client: CassandraClient, orderId: bigint, history: readonly Write[]): Promise<void> => {
  const connection = await client.connect();
  for (const one of history) {
    const { query, params } = statementsOf(orderId, one);
    await connection.execute(query, params);
  }
};

describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  let real: CassandraClient;
  let lastOrderId = 0n;

  beforeAll(async () => {
    real = (await createTestKeyspace()).client;
  });

  it('the simulated replicas hold what Cassandra holds after any statements, nulls and equal write times included', async () => {
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
  });
});

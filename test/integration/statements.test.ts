import type { Client, types as driverTypes } from 'cassandra-driver';
import { types } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import type { CassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { until } from '../../proof/until.ts';
import { CONNECT_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../../shared/deadlines.ts';

interface Sent {
  readonly kind: 'read' | 'write' | 'batch';
  readonly queries: readonly string[];
}

describe.skipIf(!hasCassandra)('at the driver', () => {
  const { start, client, nextOrderId } = setUpIntegration();

  /** A client that records every statement that goes to the driver, with its options. */
  const createCountingClient = (): { client: CassandraClient; sent: Sent[] } => {
    const sent: Sent[] = [];
    const note = (queries: readonly string[], kind: Sent['kind']) => sent.push({ kind, queries });
    const counting: CassandraClient = {
      connect: async () => {
        const connection = await client().connect();
        return new Proxy(connection, {
          get: (target, property) => {
            if (property === 'execute') {
              return (query: string, ...rest: []) => {
                note([query], query.startsWith('SELECT') ? 'read' : 'write');
                return target.execute(query, ...rest);
              };
            }
            if (property === 'batch') {
              return (queries: { query: string }[], ...rest: []) => {
                note(
                  queries.map(({ query }) => query),
                  'batch',
                );
                return target.batch(queries, ...rest);
              };
            }
            return Reflect.get(target, property);
          },
        });
      },
      close: async () => {},
    };
    return { client: counting, sent };
  };

  it('an order takes one write and one read, and a payment on an existing order one read and one batch', async () => {
    const { client: counting, sent } = createCountingClient();
    const pipeline = await start({ store: createCassandraStore(counting) });
    const orderId = nextOrderId();

    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.untilSettled(1);
    expect(sent.splice(0).map(({ kind }) => kind)).toEqual(['write', 'read']);

    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(2);
    expect(sent.map(({ kind }) => kind)).toEqual(['read', 'batch']);
    expect(sent[1]?.queries).toHaveLength(2);
  });

  it('an early payment takes one read in onPayment, and two writes and one read in onDlq', async () => {
    const { client: counting, sent } = createCountingClient();
    const pipeline = await start({ store: createCassandraStore(counting) });

    await pipeline.publish('payments_data', paymentBody(nextOrderId()));
    await pipeline.untilSettled(1);

    expect(sent.map(({ kind }) => kind)).toEqual(['read', 'write', 'write', 'read']);
  });

  it('every write names its time, and none is conditional or a delete', async () => {
    const { client: counting, sent } = createCountingClient();
    const pipeline = await start({ store: createCassandraStore(counting) });
    const orderId = nextOrderId();
    await pipeline.publish('payments_data', paymentBody(orderId));
    await pipeline.untilSettled(1);
    await pipeline.publish('orders_data', orderBody(orderId));
    await pipeline.publish('orders_data', 'poison');
    await pipeline.publish('payments_data', paymentBody(orderId, { payment_id: 1 }));
    await pipeline.untilSettled(4);

    const queries = sent.flatMap((statement) => statement.queries);
    const writes = queries.filter((query) => !query.startsWith('SELECT'));
    expect(writes.length).toBeGreaterThan(5);
    expect(writes.filter((query) => !query.includes('USING TIMESTAMP ?'))).toEqual([]);
    expect(queries.filter((query) => /\bIF\b|\bDELETE\b|\bTTL\b/i.test(query))).toEqual([]);
    // Every value is bound. A value in the text would make the server prepare another statement.
    expect(queries.filter((query) => query.includes(String(orderId)) || query.includes("'"))).toEqual([]);
  });

  it('every statement is prepared, idempotent, at LOCAL_QUORUM, and has a time limit', async () => {
    const connection = await client().connect();

    expect(Reflect.get(connection, 'options')).toMatchObject({
      queryOptions: { prepare: true, isIdempotent: true, consistency: types.consistencies.localQuorum },
      socketOptions: { readTimeout: STATEMENT_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS },
    });
  });

  it('the server has prepared every statement that it ran, and only those', async () => {
    const connection = await client().connect();

    const { rows } = await connection.execute('SELECT query_string FROM system.prepared_statements', [], {
      consistency: types.consistencies.one,
    });

    const prepared = rows.map((row) => String(row.get('query_string')));
    expect(
      prepared.filter((query) => query.startsWith('UPDATE orders_payments_facts')).length,
    ).toBeGreaterThan(0);
    expect(prepared.filter((query) => /\bIF\b(?! NOT EXISTS)/.test(query))).toEqual([]);
  });

  it('no read has ever met a tombstone', async () => {
    const connection = await client().connect();
    const results = await Promise.all(
      TABLES.map((table) => connection.execute(`SELECT * FROM ${table}`, [], { traceQuery: true })),
    );
    const traces = results.map(({ info }) => info.traceId).filter((traceId) => traceId !== undefined);

    const activities = await Promise.all(traces.map((traceId) => activitiesOf(connection, traceId)));

    const reads = activities.flat().filter((activity) => activity.includes('tombstone cells'));
    expect(reads.length).toBeGreaterThanOrEqual(TABLES.length);
    expect(reads.filter((activity) => !activity.includes(' and 0 tombstone cells'))).toEqual([]);
  });
});

const TABLES = ['orders_payments_facts', 'payments_by_order', 'dead_letters'];

/** The server's trace of a statement. Waits until the trace is complete. */
const activitiesOf = (connection: Client, traceId: driverTypes.Uuid): Promise<string[]> =>
  until('the whole trace', async () => {
    const { events, duration } = await connection.metadata.getTrace(traceId);
    return duration > 0 && events.map(({ activity }) => String(activity));
  });

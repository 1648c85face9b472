import { describe } from 'vitest';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { namedCells } from '../../proof/simulation/cassandra/cells.ts';
import { createCalmClient } from '../../proof/simulation/cassandra/client.ts';
import { mergeRows, Replica } from '../../proof/simulation/cassandra/replica.ts';
import { tableNamed } from '../../proof/simulation/cassandra/statements.ts';
import { createTestKeyspace, factWriteTimes, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { describeOperationsContract } from './operationsContract.ts';
import { describeStoreContract } from './storeContract.ts';

describeOperationsContract('the in-memory store', async () => createMemoryStore());

describeStoreContract('the in-memory store', async () => {
  const store = createMemoryStore();
  return {
    store,
    source: store,
    factWriteTimes: async (orderId) => {
      const { facts } = store.tables;
      const row = facts.read(String(orderId)) ?? {};
      const times = Object.entries(facts.writeTimes(String(orderId)));
      return Object.fromEntries(times.filter(([column]) => row[column] !== null));
    },
    ledgerWriteTimes: async (orderId, column) => {
      const { ledger } = store.tables;
      const rows = ledger.keys(String(orderId)).map((key): [string, bigint] => {
        const [, , , eventId = ''] = key.split('/');
        return [eventId, ledger.writeTimes(key)[column] ?? 0n];
      });
      return Object.fromEntries(rows);
    },
  };
});

describeStoreContract('the simulation’s three replicas', async () => {
  const replicas = [new Replica(), new Replica(), new Replica()];
  let writes = 0;
  // Each write misses one replica, and each read asks all of them.
  const client = createCalmClient(replicas, () => {
    writes += 1;
    return replicas.filter((_, index) => index !== writes % replicas.length);
  });
  return {
    store: createCassandraStore(client),
    source: createCassandraAuditSource(client),
    factWriteTimes: async (orderId) => {
      const facts = tableNamed('orders_payments_facts');
      const answers = replicas.map((replica) => replica.read(facts.name, String(orderId)));
      const [row] = mergeRows(facts, answers);
      const cells = row === undefined ? [] : namedCells(facts, row.cells);
      return Object.fromEntries(
        [...cells].flatMap(([column, { writeTime, value }]) => (value === null ? [] : [[column, writeTime]])),
      );
    },
    ledgerWriteTimes: async (orderId, column) => {
      const ledger = tableNamed('ledger_by_order');
      const eventIdAt = [...ledger.partitionColumns, ...ledger.clusteringColumns].indexOf('event_id');
      const answers = replicas.map((replica) => replica.read(ledger.name, String(orderId)));
      const rows = mergeRows(ledger, answers).map(({ keys, cells }): [string, bigint] => [
        String(keys[eventIdAt]),
        namedCells(ledger, cells).get(column)?.writeTime ?? 0n,
      ]);
      return Object.fromEntries(rows);
    },
  };
});

describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  describeOperationsContract('Cassandra', async () => {
    const { client } = await createTestKeyspace();
    return { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
  });
  describeStoreContract('Cassandra', async () => {
    const { client } = await createTestKeyspace();
    return {
      store: createCassandraStore(client),
      source: createCassandraAuditSource(client),
      factWriteTimes: (orderId) => factWriteTimes(client, orderId),
      ledgerWriteTimes: async (orderId, column) => {
        const connection = await client.connect();
        const { rows } = await connection.execute(
          `SELECT event_id, WRITETIME(${column}) AS time FROM ledger_by_order WHERE order_id = ?`,
          [orderId],
        );
        return Object.fromEntries(rows.map((row) => [row.get('event_id'), row.get('time')]));
      },
    };
  });
});

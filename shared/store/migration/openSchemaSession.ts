import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Host } from 'cassandra-driver';
import { TransientError } from '../../errors.ts';
import { SchemaError } from './schemaError.ts';
import type { SchemaSession } from './schemaSession.ts';
import { toStoreError } from '../driver/toStoreError.ts';

/** The nodes of a cluster may take longer to agree on a schema than they take for another statement. */
const SCHEMA_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 200;

/**
 * Opens a session on the node that every `tally migrate` takes: the first by host id of those that answer.
 * One node runs schema statements one after another. Two nodes that create the same table at once give it two
 * ids, and may never agree about it.
 * @throws SchemaError when the nodes do not agree on the schema that is there.
 */
export const openSchemaSession = async (client: Client): Promise<SchemaSession> => {
  const local = await client.execute('SELECT data_center FROM system.local', [], { prepare: false });
  const localDataCenter = String(local.first()?.get('data_center'));
  const hosts = client.hosts.values();
  const answering = await untilNodesAgree(
    client,
    hosts.filter(({ datacenter }) => datacenter === localDataCenter),
  );
  const [host] = answering.toSorted((a, b) => (String(a.hostId) < String(b.hostId) ? -1 : 1));
  if (host === undefined) throw new SchemaError(`no node of data centre ${localDataCenter} answers`);

  const run = (cql: string, params: readonly unknown[]) =>
    client.execute(cql, [...params], { host, prepare: params.length > 0, readTimeout: SCHEMA_TIMEOUT_MS });
  return {
    select: async (query, params = []) => (await run(query, params)).rows,
    change: async (cql) => {
      // Preparing has no use, because it runs once. `IF NOT EXISTS` makes it safe to repeat.
      await run(cql, []);
      await untilNodesAgree(client, answering);
    },
    nodes: hosts.map((one) => ({
      dataCenter: one.datacenter,
      // The driver opens no connection to a node of another data centre, and knows it by hearsay.
      isUp: one.datacenter === localDataCenter ? answering.includes(one) : one.isUp(),
    })),
    localDataCenter,
  };
};

/**
 * Waits until all nodes that answer have the same schema, and returns these nodes. Another `tally migrate`
 * may be changing it, so each node is asked itself: what the nodes say of each other is late.
 */
const untilNodesAgree = async (client: Client, hosts: readonly Host[]): Promise<readonly Host[]> => {
  const deadline = performance.now() + SCHEMA_TIMEOUT_MS;
  for (;;) {
    const asked = await Promise.all(
      hosts.map(async (host) => ({ host, version: await schemaVersionOf(client, host) })),
    );
    const answers = asked.filter(({ version }) => version !== undefined);
    const versions = new Set(answers.map(({ version }) => version));
    if (versions.size <= 1) return answers.map(({ host }) => host);
    if (performance.now() > deadline) {
      throw new SchemaError(
        `the nodes still have ${versions.size} different schemas after ${SCHEMA_TIMEOUT_MS / 1000} s: "nodetool describecluster" says which nodes have which`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
};

/** Undefined when the node does not answer. */
const schemaVersionOf = async (client: Client, host: Host): Promise<string | undefined> => {
  try {
    const query = 'SELECT schema_version FROM system.local';
    return String((await client.execute(query, [], { host, prepare: false })).first()?.get('schema_version'));
  } catch (error) {
    if (toStoreError(error) instanceof TransientError) return undefined;
    throw error;
  }
};

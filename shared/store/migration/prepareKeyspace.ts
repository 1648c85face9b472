import type { CassandraConfig, Replication } from '../../config.ts';
import { assertQuorum } from './assertQuorum.ts';
import { formatReplication } from './formatReplication.ts';
import type { SchemaSession } from './schemaSession.ts';
import { SchemaError } from './schemaError.ts';

/**
 * Creates the keyspace, or looks whether the one that is there will do.
 * @throws SchemaError when its replication is not the one that was asked for, is 1 beyond this machine and
 * nobody asked for that, or has too few nodes.
 */
export const prepareKeyspace = async (session: SchemaSession, config: CassandraConfig): Promise<void> => {
  const { keyspace, secureConnectBundle } = config;
  const found = await readReplication(session, keyspace);
  if (secureConnectBundle !== undefined) {
    // Astra makes its keyspaces and chooses their replication itself, and refuses the statement.
    if (found !== undefined) return;
    throw new SchemaError(`there is no keyspace ${keyspace}: create it in Astra’s console`);
  }
  if (found === undefined) return create(session, config);
  const asked = config.replication;
  if (asked !== undefined && formatReplication(asked) !== formatReplication(found)) {
    throw new SchemaError(differs(keyspace, found, asked));
  }
  if (asked === undefined && !config.isLocal && replicasOf(found, session.localDataCenter) === 1)
    throw new SchemaError(`keyspace ${keyspace} has ${oneReplica(session)}`);
  assertQuorum(keyspace, found, session);
};

const LOCAL_REPLICATION: Replication = { strategy: 'SimpleStrategy', factor: 1 };

const create = async (session: SchemaSession, config: CassandraConfig): Promise<void> => {
  const { keyspace, isLocal, replication } = config;
  if (replication === undefined && !isLocal)
    throw new SchemaError(`keyspace ${keyspace} would have ${oneReplica(session)}`);
  const chosen = replication ?? LOCAL_REPLICATION;
  refuseUnknownPlaces(session, chosen);
  assertQuorum(keyspace, chosen, session);
  await session.change(
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${formatReplication(chosen)}`,
  );
  // Another `tally migrate` may have been first, and may have been told something else.
  const found = await readReplication(session, keyspace);
  if (found !== undefined && formatReplication(found) !== formatReplication(chosen))
    throw new SchemaError(differs(keyspace, found, chosen));
};

const refuseUnknownPlaces = ({ nodes }: SchemaSession, replication: Replication): void => {
  const known = new Set(nodes.map(({ dataCenter }) => dataCenter));
  const named = replication.strategy === 'SimpleStrategy' ? [] : Object.keys(replication.factors);
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new SchemaError(
    `CASSANDRA_REPLICATION names ${unknown.join(', ')}, and the cluster has no such data centre: it has ${[...known].join(', ')}`,
  );
};

/** Undefined when there is no such keyspace. */
const readReplication = async (
  session: SchemaSession,
  keyspace: string,
): Promise<Replication | undefined> => {
  const [row] = await session.select(
    'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [keyspace],
  );
  if (row === undefined) return undefined;
  const { class: name, ...factors }: Record<string, string> = row.get('replication');
  const counts = Object.entries(factors).map(([place, count]): [string, number] => [place, Number(count)]);
  return name?.endsWith('.SimpleStrategy') === true
    ? { strategy: 'SimpleStrategy', factor: Number(factors.replication_factor) }
    : { strategy: 'NetworkTopologyStrategy', factors: Object.fromEntries(counts) };
};

const replicasOf = (replication: Replication, dataCenter: string): number =>
  replication.strategy === 'SimpleStrategy' ? replication.factor : (replication.factors[dataCenter] ?? 0);

const oneReplica = ({ localDataCenter: name }: SchemaSession): string =>
  `one replica, and CASSANDRA_CONTACT_POINTS is not this machine: set CASSANDRA_REPLICATION=${name}:3, or ${name}:1 if one replica is what you want`;

const differs = (keyspace: string, found: Replication, asked: Replication): string =>
  [
    `keyspace ${keyspace} has the replication ${formatReplication(found)}, and CASSANDRA_REPLICATION asks for ${formatReplication(asked)}.`,
    'Correct the variable. Or change the keyspace: stop everything that writes to it, run',
    `  ALTER KEYSPACE ${keyspace} WITH replication = ${formatReplication(asked)};`,
    'and then a full repair, on one node after another. Until it has ended, a quorum may miss what was written:',
    `  nodetool repair --full ${keyspace}`,
  ].join('\n');

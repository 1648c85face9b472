import type { Replication } from '../../config.ts';
import { formatReplication } from './formatReplication.ts';
import type { SchemaSession } from './schemaSession.ts';
import { SchemaError } from './schemaError.ts';

/**
 * Refuses a keyspace in which LOCAL_QUORUM cannot be reached, or which has more replicas than nodes.
 * @throws SchemaError with the replication, and the nodes that are there.
 */
export const assertQuorum = (
  keyspace: string,
  replication: Replication,
  { nodes, localDataCenter }: Pick<SchemaSession, 'nodes' | 'localDataCenter'>,
): void => {
  const isSimple = replication.strategy === 'SimpleStrategy';
  const factor = isSimple ? replication.factor : (replication.factors[localDataCenter] ?? 0);
  const place = isSimple ? 'the cluster' : `data centre ${localDataCenter}`;
  const possible = nodes.filter(({ dataCenter }) => isSimple || dataCenter === localDataCenter);
  const up = possible.filter(({ isUp }) => isUp).length;
  const quorum = Math.floor(factor / 2) + 1;
  const refuse = (why: string): never => {
    throw new SchemaError(`keyspace ${keyspace}, replication ${formatReplication(replication)}: ${why}`);
  };
  if (factor === 0)
    refuse(
      `it has no replica in ${place}, where Tally reads and writes: set CASSANDRA_REPLICATION to one with "${localDataCenter}:3"`,
    );
  if (factor > possible.length)
    refuse(
      `${place} has ${countNodes(possible.length)}, too few for ${factor} replicas: add nodes, or ask for fewer replicas`,
    );
  if (up < quorum)
    refuse(
      `LOCAL_QUORUM needs ${quorum} of ${factor} replicas, and only ${countNodes(up)} of ${place} answers: start the others`,
    );
};

const countNodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`);

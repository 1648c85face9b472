import type { Client } from 'cassandra-driver';
import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { currentTask } from '../task.ts';
import { readCalmly } from './readCalmly.ts';
import type { Replica } from './replica.ts';
import { compile, type ModelRow } from './statements.ts';
import type { ModelResult, QueryAndParams, StatementOptions } from './driverTypes.ts';

type Execute = (
  statements: readonly QueryAndParams[],
  options: StatementOptions | undefined,
) => Promise<ModelResult>;

const clientOn = (execute: Execute): CassandraClient => {
  const connection = {
    execute: (query: string, params: readonly unknown[], options?: StatementOptions) =>
      execute([{ query, params }], options),
    batch: (statements: readonly QueryAndParams[], options?: StatementOptions) => {
      if (options?.logged !== false) throw new Error('the model has unlogged batches only');
      return execute(statements, options);
    },
  };
  // The store and the audit use nothing else of the driver's client.
  const connected = Promise.resolve(connection as unknown as Client);
  return { connect: () => connected, close: async () => {} };
};

/**
 * A client for the handlers of the simulation. A statement goes to the cluster of the task that is running.
 */
export const createSimulatedClient = (): CassandraClient =>
  clientOn((statements, options) => {
    const task = currentTask();
    if (task === undefined) throw new Error('a statement was sent while no task was running');
    return task.world.cluster.execute(task, statements, options);
  });

/**
 * A client for a world at rest. A read is answered at once, with the merged rows of these replicas. A write
 * reaches all of them, or those that `chooseForWrite` returns.
 */
export const createCalmClient = (
  replicas: readonly Replica[],
  chooseForWrite: () => readonly Replica[] = () => replicas,
): CassandraClient =>
  clientOn(async (statements) => {
    let rows: ModelRow[] | undefined;
    const reached = chooseForWrite();
    for (const { query, params } of statements) {
      const statement = compile(query);
      if (statement.kind === 'read') {
        rows = readCalmly(replicas, query, params);
        continue;
      }
      const write = statement.bind(params, () => BigInt(Date.now()) * 1000n);
      for (const replica of reached) replica.apply(write);
    }
    return { rows, pageState: null };
  });

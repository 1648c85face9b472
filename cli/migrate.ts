import type { Environment } from '../shared/config.ts';
import { migrate } from '../shared/store/migrate.ts';
import { chooseTarget } from './target.ts';
import { toJsonLine } from './toJsonLine.ts';

/** Creates the keyspace and the tables, or brings them up to date, and prints what was done. */
export const migrateCommand = async (
  { json }: { readonly json: boolean },
  env: Environment,
): Promise<void> => {
  const { config } = await chooseTarget(env, { writes: false, publishes: false, json });
  const { store } = config;
  if (store.kind === 'memory') throw new Error('the in-memory store has no schema to migrate');
  const report = await migrate(store);
  if (json) {
    console.log(toJsonLine(report));
    return;
  }
  for (const name of report.applied) console.log(`applied    cql/${name}`);
  for (const name of report.unchanged) console.log(`unchanged  cql/${name}`);
  console.log(`keyspace ${report.keyspace} is up to date`);
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../shared/store/schema.ts';

const CQL_FOLDER = join(import.meta.dirname, '../../../cql');

export type CqlType = 'bigint' | 'int' | 'double' | 'boolean' | 'text' | 'timestamp' | 'date' | 'blob';

export interface Table {
  readonly name: string;
  readonly types: ReadonlyMap<string, CqlType>;
  readonly partitionColumns: readonly string[];
  readonly clusteringColumns: readonly string[];
}

/** The tables as `cql/` makes them, by name. */
export const readTables = (): ReadonlyMap<string, Table> =>
  new Map(
    MIGRATIONS.map((file) => {
      const table = parseTable(readFileSync(join(CQL_FOLDER, file), 'utf8'));
      return [table.name, table];
    }),
  );

/** @throws Error for a statement that is not a plain CREATE TABLE. */
const parseTable = (cql: string): Table => {
  const source = cql.replaceAll(/--.*/g, '');
  const [, name, body] = /CREATE TABLE IF NOT EXISTS (\w+) \(([\s\S]+)\);/.exec(source) ?? [];
  if (name === undefined || body === undefined)
    throw new Error(`not a table that the model knows: ${source}`);
  const types = new Map<string, CqlType>();
  const [, single] = /(\w+) \w+ PRIMARY KEY/.exec(body) ?? [];
  const [, partition, clustering] = /PRIMARY KEY \(\(([^)]+)\)(?:, ([^)]+))?\)/.exec(body) ?? [];
  for (const [, column = '', type = ''] of body.matchAll(
    /^\s*(\w+) (BIGINT|INT|DOUBLE|BOOLEAN|TEXT|TIMESTAMP|DATE|BLOB)\b/gm,
  )) {
    types.set(column, type.toLowerCase() as CqlType);
  }
  return {
    name,
    types,
    partitionColumns: single === undefined ? namesIn(partition) : [single],
    clusteringColumns: namesIn(clustering),
  };
};

const namesIn = (list: string | undefined): string[] => list?.split(',').map((name) => name.trim()) ?? [];

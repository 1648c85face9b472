import { describeColumn } from './describeColumn.ts';
import type { SchemaSession } from './schemaSession.ts';

/** A table that is in the keyspace. */
export interface FoundTable {
  /** The columns by name, as `describeColumn` says them. */
  readonly columns: ReadonlyMap<string, string>;
  /** The value of an option; undefined when this version of Cassandra does not show it. */
  readonly option: (name: string) => string | undefined;
}

/** Reads how the tables of a keyspace are made, by name. */
export const readTables = async (
  session: SchemaSession,
  keyspace: string,
): Promise<ReadonlyMap<string, FoundTable>> => {
  const tables = await session.select('SELECT * FROM system_schema.tables WHERE keyspace_name = ?', [
    keyspace,
  ]);
  const columns = await session.select(
    'SELECT table_name, column_name, type, kind, position, clustering_order FROM system_schema.columns WHERE keyspace_name = ?',
    [keyspace],
  );
  return new Map(
    tables.map((table): [string, FoundTable] => {
      const name = String(table.get('table_name'));
      const own = columns.filter((column) => column.get('table_name') === name);
      const described = own.map((column): [string, string] => [
        String(column.get('column_name')),
        describeColumn(
          String(column.get('type')),
          String(column.get('kind')),
          Number(column.get('position')),
          String(column.get('clustering_order')),
        ),
      ]);
      return [name, { columns: new Map(described), option: (option) => table.get(option)?.toString() }];
    }),
  );
};

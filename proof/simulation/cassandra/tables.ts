import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../shared/store/schema.ts';

const CQL_FOLDER = join(import.meta.dirname, '../../../shared/store/cql');

export type CqlType = 'bigint' | 'int' | 'double' | 'boolean' | 'text' | 'timestamp' | 'date' | 'blob';

export interface Table {
  readonly name: string;
  readonly types: ReadonlyMap<string, CqlType>;
  readonly partitionColumns: readonly string[];
  readonly clusteringColumns: readonly string[];
  /** The clustering columns by which the largest value comes first. */
  readonly descendingColumns: ReadonlySet<string>;
  /** The columns of the cells, in their order in a row: the row marker, then every column outside the key. */
  readonly cellColumns: readonly CellColumn[];
  readonly placeOf: ReadonlyMap<string, number>;
}

interface CellColumn {
  readonly name: string;
  readonly type: CqlType;
}

/** The row marker. An INSERT writes it, so a row exists even without a column. No column has this name. */
export const ROW_MARKER = '';

/** The tables of the migrations in `shared/store/cql`, by name. */
export const readTables = (): ReadonlyMap<string, Table> =>
  new Map(
    MIGRATIONS.map((file) => {
      const table = parseTable(readFileSync(join(CQL_FOLDER, file), 'utf8'));
      return [table.name, table];
    }),
  );

/** @throws Error when the statement is not a plain CREATE TABLE. */
const parseTable = (cql: string): Table => {
  const source = cql.replaceAll(/--.*/g, '');
  const [, name, body, options = ''] =
    /CREATE TABLE IF NOT EXISTS (\w+) \(([\s\S]+?)\n\)([^;]*);/.exec(source) ?? [];
  if (name === undefined || body === undefined)
    throw new Error(`the model has no table of this form: ${source}`);
  const types = new Map<string, CqlType>();
  const [, single] = /(\w+) \w+ PRIMARY KEY/.exec(body) ?? [];
  const [, partition, clustering] = /PRIMARY KEY \(\(([^)]+)\)(?:, ([^)]+))?\)/.exec(body) ?? [];
  for (const [, column = '', type = ''] of body.matchAll(
    /^\s*(\w+) (BIGINT|INT|DOUBLE|BOOLEAN|TEXT|TIMESTAMP|DATE|BLOB)\b/gm,
  )) {
    types.set(column, type.toLowerCase() as CqlType);
  }
  const partitionColumns = single === undefined ? namesIn(partition) : [single];
  const clusteringColumns = namesIn(clustering);
  const descendingColumns = new Set([...options.matchAll(/(\w+) DESC/g)].map(([, column = '']) => column));
  const cellColumns: CellColumn[] = [{ name: ROW_MARKER, type: 'boolean' }];
  for (const [column, type] of types) {
    if (partitionColumns.includes(column) || clusteringColumns.includes(column)) continue;
    cellColumns.push({ name: column, type });
  }
  const placeOf = new Map(cellColumns.map((column, place) => [column.name, place]));
  return { name, types, partitionColumns, clusteringColumns, descendingColumns, cellColumns, placeOf };
};

const namesIn = (list: string | undefined): string[] => list?.split(',').map((name) => name.trim()) ?? [];

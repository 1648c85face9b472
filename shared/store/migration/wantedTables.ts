import { parseColumn, parseOptions, parseTable } from './parseTable.ts';
import type { Migration } from './readMigrations.ts';
import { splitOutside } from './splitOutside.ts';
import { describeColumn } from './describeColumn.ts';

export interface WantedTable {
  /** The file that creates the table. */
  readonly createdBy: string;
  readonly columns: Map<string, WantedColumn>;
  readonly options: Map<string, string>;
}

interface WantedColumn {
  /** As `describeColumn` says it. */
  readonly is: string;
  /** The file that adds the column to a table that is there already; undefined: the table is made with it. */
  readonly addedBy: string | undefined;
}

const STATEMENT = /^(CREATE|ALTER)\s+TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)\s+([^]+)$/;
const ADDITION = /^ADD\s+(?:IF NOT EXISTS\s+)?([^]+)$/;

/**
 * The tables that a keyspace has after all files, by name.
 * @throws Error for a statement of another kind, because nothing could compare its work.
 */
export const wantedTables = (migrations: readonly Migration[]): ReadonlyMap<string, WantedTable> => {
  const tables = new Map<string, WantedTable>();
  for (const { name: file, statements } of migrations) {
    for (const statement of statements) {
      const [, verb, name = '', rest = ''] = STATEMENT.exec(statement) ?? [];
      const table = tables.get(name);
      if (verb === 'CREATE') tables.set(name, created(file, rest));
      else if (verb === 'ALTER' && table !== undefined) alter(table, file, rest);
      else
        throw new Error(
          `cql/${file}: expected CREATE TABLE, or ALTER TABLE of such a table, got ${statement}`,
        );
    }
  }
  return tables;
};

const created = (file: string, definition: string): WantedTable => {
  const { columns, options } = parseTable(definition);
  const made = Array.from(columns, ([name, is]): [string, WantedColumn] => [
    name,
    { is, addedBy: undefined },
  ]);
  return { createdBy: file, columns: new Map(made), options: new Map(options) };
};

const alter = ({ columns, options }: WantedTable, file: string, change: string): void => {
  const [, added] = ADDITION.exec(change) ?? [];
  for (const part of added === undefined ? [] : splitOutside(added.replaceAll(/^\(|\)$/g, ''))) {
    const [name, type] = parseColumn(part);
    columns.set(name, { is: describeColumn(type, 'regular', 0, 'none'), addedBy: file });
  }
  if (added === undefined) for (const [name, value] of parseOptions(change)) options.set(name, value);
};

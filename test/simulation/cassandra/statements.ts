import { type Cell, type Cells, ROW_MARKER, type RowWrite, type StoredRow } from './replica.ts';
import { readTables, type Table } from './tables.ts';
import { type CqlValue, toCqlValue } from './values.ts';

/** A write whose values are bound: what the replicas are sent. */
export type BoundWrite = RowWrite;

/** A read whose values are bound. */
export interface BoundRead {
  readonly table: Table;
  /** One partition, or all whose token is above the first and up to the second. */
  readonly from:
    | { readonly partition: string; readonly row: string | undefined; readonly rowPrefix: string | undefined }
    | { readonly after: bigint; readonly upTo: bigint };
  readonly toRows: (rows: Iterable<StoredRow & { readonly token?: bigint }>) => ModelRow[];
}

/** A row as the driver hands it out: a property a column, and `get`. */
export class ModelRow {
  [column: string]: unknown;

  get(column: string): unknown {
    return this[column];
  }
}

type Statement =
  | {
      readonly kind: 'write';
      readonly bind: (params: readonly unknown[], nowMicros: () => bigint) => BoundWrite;
    }
  | { readonly kind: 'read'; readonly bind: (params: readonly unknown[]) => BoundRead };

const TABLES = readTables();
const KEY_SEPARATOR = '/';
const compiled = new Map<string, Statement>();

/** Every table of the model, by name. */
export const tableNamed = (name: string): Table => {
  const table = TABLES.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
};

/**
 * A statement of the forms that Tally uses; each text is read once.
 * @throws Error for any other form.
 */
export const compile = (query: string): Statement => {
  let statement = compiled.get(query);
  if (statement === undefined) {
    statement = compileUpdate(query) ?? compileInsert(query) ?? compileSelect(query);
    if (statement === undefined) throw new Error(`the model does not know this statement: ${query}`);
    compiled.set(query, statement);
  }
  return statement;
};

const compileUpdate = (query: string): Statement | undefined => {
  const [, name, timestamp, set, where] =
    /^UPDATE (\w+)( USING TIMESTAMP \?)? SET (.+?) WHERE (.+)$/s.exec(query) ?? [];
  if (name === undefined || set === undefined || where === undefined) return undefined;
  const columns = [...namesBefore(set, ','), ...namesBefore(where, ' AND ')];
  const first = timestamp === undefined ? 0 : 1;
  return compileWrite(name, columns, first, timestamp === undefined ? undefined : 0, false);
};

const compileInsert = (query: string): Statement | undefined => {
  const [, name, list, timestamp] =
    /^INSERT INTO (\w+) \(([^)]+)\) VALUES \([?, ]+\)( USING TIMESTAMP \?)?$/.exec(query) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const columns = list.split(',').map((column) => column.trim());
  return compileWrite(name, columns, 0, timestamp === undefined ? undefined : columns.length, true);
};

/** The names in `a = ?, b = ?`; every value must be a marker. */
const namesBefore = (list: string, separator: string): string[] =>
  list.split(separator).map((part) => {
    const [, column] = /^\s*(\w+) = \?\s*$/.exec(part) ?? [];
    if (column === undefined) throw new Error(`the model does not know this condition: ${part}`);
    return column;
  });

const compileWrite = (
  name: string,
  columns: readonly string[],
  first: number,
  timestampIndex: number | undefined,
  isInsert: boolean,
): Statement => {
  const table = tableNamed(name);
  const indexOf = (column: string): number => {
    const index = columns.indexOf(column);
    if (index === -1) throw new Error(`${name}: the statement does not name the key column ${column}`);
    return first + index;
  };
  const keyColumns = [...table.partitionColumns, ...table.clusteringColumns];
  const keyIndexes = keyColumns.map(indexOf);
  const values = columns
    .map((column, index) => ({ column, index: first + index, type: typeOf(table, column) }))
    .filter(({ column }) => !keyColumns.includes(column));

  return {
    kind: 'write',
    bind: (params, nowMicros) => {
      const writeTime = timestampIndex === undefined ? nowMicros() : (params[timestampIndex] as bigint);
      const keys: Record<string, CqlValue> = {};
      for (const [nth, column] of keyColumns.entries()) {
        keys[column] = toCqlValue(typeOf(table, column), params[keyIndexes[nth] ?? 0]);
      }
      const cells = new Map<string, Cell>();
      if (isInsert) cells.set(ROW_MARKER, { value: true, writeTime });
      for (const { column, index, type } of values) {
        const value = params[index];
        // An undefined value is left unset; a null one is written, as a tombstone.
        if (value !== undefined)
          cells.set(column, { value: value === null ? null : toCqlValue(type, value), writeTime });
      }
      return { table, keys, cells, ...positionOf(table, keys) };
    },
  };
};

/** Where a row is: its partition and its clustering key, each as one text. */
export const positionOf = (
  table: Table,
  keys: Readonly<Record<string, unknown>>,
): { readonly partition: string; readonly row: string } => ({
  partition: textOf(table.partitionColumns, keys),
  row: textOf(table.clusteringColumns, keys),
});

const textOf = (columns: readonly string[], keys: Readonly<Record<string, unknown>>): string => {
  let text = '';
  for (const column of columns)
    text += text === '' ? String(keys[column]) : KEY_SEPARATOR + String(keys[column]);
  return text;
};

const typeOf = (table: Table, column: string) => {
  const type = table.types.get(column);
  if (type === undefined) throw new Error(`${table.name} has no column ${column}`);
  return type;
};

const compileSelect = (query: string): Statement | undefined => {
  const [, list, name, where] = /^SELECT (.+?)\s+FROM (\w+) WHERE (.+)$/s.exec(query) ?? [];
  if (list === undefined || name === undefined || where === undefined) return undefined;
  const table = tableNamed(name);
  const toRows = compileSelection(table, list);
  if (/^token\(.+\) > \? AND token\(.+\) <= \?$/.test(where)) {
    return {
      kind: 'read',
      bind: ([after, upTo]) => ({
        table,
        toRows,
        from: { after: after as bigint, upTo: upTo as bigint },
      }),
    };
  }
  const columns = namesBefore(where, ' AND ');
  const clustering = table.clusteringColumns.filter((column) => columns.includes(column));
  const isWholeKey = clustering.length === table.clusteringColumns.length;
  return {
    kind: 'read',
    bind: (params) => {
      const keys: Record<string, unknown> = {};
      for (const [index, column] of columns.entries())
        keys[column] = toCqlValue(typeOf(table, column), params[index]);
      const row = textOf(clustering, keys);
      const isPrefix = clustering.length > 0 && !isWholeKey;
      return {
        table,
        toRows,
        from: {
          partition: textOf(table.partitionColumns, keys),
          row: clustering.length > 0 && isWholeKey ? row : undefined,
          rowPrefix: isPrefix ? row + KEY_SEPARATOR : undefined,
        },
      };
    },
  };
};

const compileSelection = (table: Table, list: string): BoundRead['toRows'] => {
  const [, tokenName] = /^token\([^)]+\) AS (\w+),/.exec(list) ?? [];
  const rest = list.replace(/^token\([^)]+\) AS \w+,/, '').trim();
  const columns = rest === '*' ? [...table.types.keys()] : rest.split(',').map((column) => column.trim());
  const reads = columns.map((column) => {
    const [, timed] = /^WRITETIME\((\w+)\)$/.exec(column) ?? [];
    return {
      name: timed === undefined ? column : `writetime(${timed})`,
      column: timed ?? column,
      isTime: timed !== undefined,
    };
  });

  return (rows) => {
    const result: ModelRow[] = [];
    for (const { keys, cells, token } of rows) {
      if (!isLive(cells)) continue;
      const row = new ModelRow();
      if (tokenName !== undefined) row[tokenName] = token;
      for (const { name, column, isTime } of reads) {
        const cell = cells.get(column);
        const written = isTime && cell !== undefined && cell.value !== null ? cell.writeTime : null;
        row[name] = isTime ? written : (keys[column] ?? cell?.value ?? null);
      }
      result.push(row);
    }
    return result;
  };
};

/** A row is there while one of its columns is, or while an INSERT said so. */
const isLive = (cells: Cells): boolean => {
  for (const { value } of cells.values()) if (value !== null) return true;
  return false;
};

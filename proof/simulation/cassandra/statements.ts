import { type Cell, type Cells, isLive, isPresent, placeOf } from './cells.ts';
import { RowWrite, type StoredRow } from './replica.ts';
import { ROW_MARKER, readTables, type Table } from './tables.ts';
import { type CqlValue, cqlValueOf } from './values.ts';

/** A read whose values are bound. */
export interface BoundRead {
  readonly table: Table;
  /** One partition, or all partitions with a token above `after` and up to `upTo`. */
  readonly from:
    | { readonly partition: string; readonly row: string | undefined; readonly rowPrefix: string | undefined }
    | { readonly after: bigint; readonly upTo: bigint };
  readonly toRows: (rows: Iterable<StoredRow & { readonly token?: bigint }>) => ModelRow[];
}

/** A row as the driver returns it: one property for each column, and `get`. */
export class ModelRow {
  [column: string]: unknown;

  get(column: string): unknown {
    return this[column];
  }
}

type Statement =
  | {
      readonly kind: 'write';
      readonly bind: (params: readonly unknown[], nowMicros: () => bigint) => RowWrite;
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
 * Compiles a statement of one of the forms that Tally uses. Each text is compiled once.
 * @throws Error when the statement has another form.
 */
export const compile = (query: string): Statement => {
  let statement = compiled.get(query);
  if (statement === undefined) {
    statement = compileUpdate(query) ?? compileInsert(query) ?? compileSelect(query);
    if (statement === undefined) throw new Error(`the model has no statement of this form: ${query}`);
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
    /^INSERT INTO (\w+) \(([^)]+)\) VALUES \([?, ]+\)(?: USING TTL 0|( USING TIMESTAMP \?))?$/.exec(query) ??
    [];
  if (name === undefined || list === undefined) return undefined;
  const columns = list.split(',').map((column) => column.trim());
  return compileWrite(name, columns, 0, timestamp === undefined ? undefined : columns.length, true);
};

/** The names in a list: `a = ?, b = ?` gives `['a', 'b']`. Every value must be a marker. */
const namesBefore = (list: string, separator: string): string[] =>
  list.split(separator).map((part) => {
    const [, column] = /^\s*(\w+) = \?\s*$/.exec(part) ?? [];
    if (column === undefined) throw new Error(`the model has no condition of this form: ${part}`);
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
  const markerOf = (column: string): Marker => {
    const index = columns.indexOf(column);
    if (index === -1) throw new Error(`${name}: the statement does not name the key column ${column}`);
    return { index: first + index, toValue: cqlValueOf(typeOf(table, column)) };
  };
  const partition = table.partitionColumns.map(markerOf);
  const clustering = table.clusteringColumns.map(markerOf);
  const values = columns
    .filter((column) => table.placeOf.has(column))
    .map((column) => ({ ...markerOf(column), place: placeOf(table, column) }));
  const noCells: Cells = table.cellColumns.map(() => undefined);

  return {
    kind: 'write',
    bind: (params, nowMicros) => {
      const writeTime = timestampIndex === undefined ? nowMicros() : (params[timestampIndex] as bigint);
      const cells: (Cell | undefined)[] = noCells.slice();
      if (isInsert) cells[placeOf(table, ROW_MARKER)] = { value: true, writeTime };
      for (const { place, index, toValue } of values) {
        const value = params[index];
        // An undefined value is not written. A null value is written as a tombstone.
        if (value !== undefined) cells[place] = { value: value === null ? null : toValue(value), writeTime };
      }
      const partitionKey = partition.map(({ index, toValue }) => toValue(params[index]));
      const clusteringKey = clustering.map(({ index, toValue }) => toValue(params[index]));
      const keys = [...partitionKey, ...clusteringKey];
      return new RowWrite(table, toKeyText(partitionKey), { row: toKeyText(clusteringKey), keys, cells });
    },
  };
};

/** The place of a column's value among the parameters of a statement. */
interface Marker {
  readonly index: number;
  readonly toValue: (value: unknown) => CqlValue;
}

/** The values of a key as one text. */
const toKeyText = (values: readonly CqlValue[]): string => {
  let text = '';
  for (const [place, value] of values.entries()) {
    if (place > 0) text += KEY_SEPARATOR;
    text += value instanceof Date ? value.toISOString() : String(value);
  }
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
  const markerOf = (column: string): Marker => ({
    index: columns.indexOf(column),
    toValue: cqlValueOf(typeOf(table, column)),
  });
  const partition = table.partitionColumns.map(markerOf);
  const clustering = table.clusteringColumns.filter((column) => columns.includes(column)).map(markerOf);
  const isWholeKey = clustering.length === table.clusteringColumns.length;
  return {
    kind: 'read',
    bind: (params) => {
      const textOf = (key: readonly Marker[]) =>
        toKeyText(key.map(({ index, toValue }) => toValue(params[index])));
      const row = clustering.length === 0 ? undefined : textOf(clustering);
      return {
        table,
        toRows,
        from: {
          partition: textOf(partition),
          row: isWholeKey ? row : undefined,
          rowPrefix: isWholeKey || row === undefined ? undefined : row + KEY_SEPARATOR,
        },
      };
    },
  };
};

const compileSelection = (table: Table, list: string): BoundRead['toRows'] => {
  const [, tokenName] = /^token\([^)]+\) AS (\w+),/.exec(list) ?? [];
  const rest = list.replace(/^token\([^)]+\) AS \w+,/, '').trim();
  const columns = rest === '*' ? [...table.types.keys()] : rest.split(',').map((column) => column.trim());
  const keyColumns = [...table.partitionColumns, ...table.clusteringColumns];
  const reads = columns.map((column) => {
    const [, timed, alias] = /^WRITETIME\((\w+)\)(?: AS (\w+))?$/i.exec(column) ?? [];
    if (timed !== undefined) {
      const name = alias ?? `writetime(${timed})`;
      return { name, key: undefined, place: placeOf(table, timed), isTime: true };
    }
    const key = keyColumns.indexOf(column);
    return key === -1
      ? { name: column, key: undefined, place: placeOf(table, column), isTime: false }
      : { name: column, key, place: -1, isTime: false };
  });

  const toRow = ({ keys, cells, token }: StoredRow & { readonly token?: bigint }): ModelRow => {
    const row = new ModelRow();
    if (tokenName !== undefined) row[tokenName] = token;
    for (const { name, key, place, isTime } of reads) {
      const cell = cells[place];
      if (key !== undefined) row[name] = keys[key];
      else if (isTime) row[name] = isLive(cell) ? cell?.writeTime : null;
      else row[name] = cell?.value ?? null;
    }
    return row;
  };
  // Cells belong to one row and never change, and most rows are read many times.
  const known = new WeakMap<Cells, ModelRow>();
  return (rows) => {
    const result: ModelRow[] = [];
    for (const stored of rows) {
      const { cells } = stored;
      if (!isPresent(cells)) continue;
      const row = known.get(cells) ?? toRow(stored);
      known.set(cells, row);
      result.push(row);
    }
    return result;
  };
};

import { describeColumn } from './describeColumn.ts';
import { splitOutside } from './splitOutside.ts';

/** A table as a file of `cql/` describes it. */
interface ParsedTable {
  /** Every column by name, as `describeColumn` says it. */
  readonly columns: ReadonlyMap<string, string>;
  /** What stands behind WITH, without remarks: `read_repair` → `BLOCKING`. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Parses what follows the name in a CREATE TABLE.
 * `'(id INT PRIMARY KEY) WITH gc_grace_seconds = 1'` → a column `id` and an option.
 */
export const parseTable = (definition: string): ParsedTable => {
  const [, body = '', suffix = ''] = /^\(([^]*?)\)(?:\s+WITH\s+([^]*))?$/.exec(definition) ?? [];
  const parts = splitOutside(body);
  const { partition, clustering } = keyOf(parts);
  const descending = new Set(Array.from(suffix.matchAll(/(\w+) DESC\b/g), ([, name]) => name));
  const describe = ([name, type]: readonly [string, string]): [string, string] => {
    const order = descending.has(name) ? 'desc' : 'asc';
    if (partition.includes(name))
      return [name, describeColumn(type, 'partition_key', partition.indexOf(name), order)];
    if (clustering.includes(name))
      return [name, describeColumn(type, 'clustering', clustering.indexOf(name), order)];
    return [name, describeColumn(type, 'regular', 0, order)];
  };
  const columns = parts.filter((part) => !part.startsWith('PRIMARY KEY')).map(parseColumn);
  return { columns: new Map(columns.map(describe)), options: parseOptions(suffix) };
};

/** `'quantity BIGINT'` → `['quantity', 'bigint']`. */
export const parseColumn = (part: string): readonly [name: string, type: string] => {
  const [, name = '', type = ''] = /^(\w+)\s+([^]+?)(?:\s+PRIMARY KEY)?$/.exec(part) ?? [];
  return [name, type.toLowerCase()];
};

/** The key is a clause of its own, `PRIMARY KEY ((a, b), c)`, or stands behind its only column. */
const keyOf = (parts: readonly string[]): Readonly<Record<'partition' | 'clustering', readonly string[]>> => {
  const clause = parts.find((part) => part.startsWith('PRIMARY KEY'));
  const single = parts.filter((part) => part.endsWith(' PRIMARY KEY')).map((part) => parseColumn(part)[0]);
  const [partition = '', ...clustering] =
    clause === undefined ? single : splitOutside(clause.slice(clause.indexOf('(') + 1, -1));
  return { partition: splitOutside(partition.replaceAll(/[()]/g, '')), clustering };
};

/** The options with a plain value. A map in braces and the remark in `comment` are left out. */
export const parseOptions = (text: string): ReadonlyMap<string, string> => {
  const found = text.matchAll(/(\w+) = (?:'([^']*)'|([\w.]+))/g);
  const options = Array.from(found, ([, name = '', quoted, plain = '']): [string, string] => [
    name,
    quoted ?? plain,
  ]);
  return new Map(options.filter(([name]) => name !== 'comment'));
};

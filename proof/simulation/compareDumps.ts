import { FACTS, LEDGER } from './oracle.ts';
import { type Cell, type Cells } from './cassandra/cells.ts';
import type { Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import { compareSerialized } from './cassandra/values.ts';
import { mergedRows } from './mergedRows.ts';
import type { Checks } from './world.ts';
import { show } from './watchRow.ts';

/**
 * I4 without a formula: the same messages under two schedules give equal ledgers and rows, write times
 * included.
 */
export const compareDumps = (
  first: readonly Replica[],
  second: readonly Replica[],
  violated: Checks['violated'],
): void => {
  for (const table of [FACTS, LEDGER]) {
    const [one, other] = [mergedRows(first, table), mergedRows(second, table)];
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      const difference = findDifference(table, one.get(key)?.cells ?? [], other.get(key)?.cells ?? []);
      if (difference !== undefined) violated('I4', `two schedules differ at ${table} ${key}: ${difference}`);
    }
  }
};

const findDifference = (table: string, one: Cells, other: Cells): string | undefined => {
  for (const [place, { name, type }] of tableNamed(table).cellColumns.entries()) {
    const [a, b] = [one[place], other[place]];
    const isSame =
      a === b ||
      (a?.writeTime === b?.writeTime && isSameValue(a, b, (x, y) => compareSerialized(type, x, y) === 0));
    if (!isSame) return `${name === '' ? 'the row' : name} is ${show(a)}, and ${show(b)}`;
  }
  return undefined;
};

type Value = NonNullable<Cell['value']>;

const isSameValue = (
  a: Cell | undefined,
  b: Cell | undefined,
  isEqual: (x: Value, y: Value) => boolean,
): boolean => {
  if (a === undefined || b === undefined) return a === b;
  if (a.value === null || b.value === null) return a.value === b.value;
  return isEqual(a.value, b.value);
};

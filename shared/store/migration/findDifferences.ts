import type { FoundTable } from './readTables.ts';
import type { WantedTable } from './wantedTables.ts';

/** Rows of these tables are never deleted, so the tables may not have a time to live. */
const KEPT_FOR_EVER: ReadonlySet<string> = new Set(['orders_payments_facts', 'ledger_by_order']);
const NEVER_EXPIRES: readonly [string, string] = ['default_time_to_live', '0'];

/**
 * What the tables that are there have, and Tally cannot use. A further column that is in no key is no
 * difference: a newer version of Tally may have added it.
 * @param pending the files that are still to be applied. What only they make may be missing.
 * @returns one sentence each: the table, the column, what is wanted and what was found.
 */
export const findDifferences = (
  found: ReadonlyMap<string, FoundTable>,
  wanted: ReadonlyMap<string, WantedTable>,
  pending: ReadonlySet<string>,
): readonly string[] =>
  Array.from(wanted).flatMap(([name, table]) => {
    const there = found.get(name);
    if (there !== undefined) return differencesOf(name, there, table, pending);
    return pending.has(table.createdBy)
      ? []
      : [`${name}: expected the table of cql/${table.createdBy}, found none`];
  });

const differencesOf = (
  name: string,
  found: FoundTable,
  wanted: WantedTable,
  pending: ReadonlySet<string>,
): string[] => {
  const columns = Array.from(wanted.columns).filter(
    ([column, { addedBy }]) => found.columns.has(column) || addedBy === undefined || !pending.has(addedBy),
  );
  const wrong = columns.filter(([column, { is }]) => found.columns.get(column) !== is);
  const keys = Array.from(found.columns).filter(
    ([column, is]) => !wanted.columns.has(column) && is.includes(' key '),
  );
  const options = [...wanted.options, ...(KEPT_FOR_EVER.has(name) ? [NEVER_EXPIRES] : [])];
  return [
    ...wrong.map(
      ([column, { is }]) =>
        `${name}.${column}: expected ${is}; found ${found.columns.get(column) ?? 'no such column'}`,
    ),
    ...keys.map(([column, is]) => `${name}.${column}: expected no such column in the key; found ${is}`),
    ...options.flatMap(([option, value]) => {
      const is = found.option(option) ?? value;
      return is === value ? [] : [`${name}: expected ${option} = ${value}; found ${is}`];
    }),
  ];
};

import type { StreamRow } from '../../contract.ts';

/** More rows would cost the browser more than they tell a person. */
const ROWS_MAX = 200;

/**
 * Puts changed rows where they stand, and new ones on top.
 * @param rows newest first.
 * @param changed oldest change first, as a frame has them.
 * @returns newest first, at most 200.
 */
export const mergeRows = (
  rows: readonly StreamRow[],
  changed: readonly StreamRow[],
): readonly StreamRow[] => {
  if (changed.length === 0) return rows;
  const byKey = new Map(changed.map((row) => [row.key, row]));
  const kept = rows.map((row) => {
    const newer = byKey.get(row.key) ?? row;
    byKey.delete(row.key);
    return newer;
  });
  return [...[...byKey.values()].toReversed(), ...kept].slice(0, ROWS_MAX);
};

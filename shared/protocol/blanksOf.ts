import { isErased } from '../domain/fold.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import type { OrderShow } from '../store/store.ts';

/** This many entries are blanked in one statement. An erasure may cover all entries of an order. */
const BLANKS_AT_ONCE = 100;

/**
 * The entries that an erasure covers, a part for each write. A decision has nothing to blank.
 * @param erasedUpToMs the time of the latest erasure, in milliseconds since the epoch. When undefined, there
 * is none, and nothing is blanked.
 */
export const blanksOf = (
  entries: readonly LedgerEntry[],
  erasedUpToMs: number | undefined,
): readonly NonNullable<OrderShow['blanks']>[] => {
  if (erasedUpToMs === undefined) return [];
  const covered = entries.filter((entry) => entry.kind !== 'decision' && isErased(entry, erasedUpToMs));
  const blanks: NonNullable<OrderShow['blanks']>[] = [];
  for (let first = 0; first < covered.length; first += BLANKS_AT_ONCE) {
    blanks.push({ entries: covered.slice(first, first + BLANKS_AT_ONCE), erasedAtMs: erasedUpToMs });
  }
  return blanks;
};

import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import { LEDGER_CHARACTERS_MAX, LEDGER_ENTRIES_MAX, type LedgerRead } from './store.ts';

/**
 * Collects the entries of an order in the order of the ledger, and says when the read is over: at the first
 * version that is older than the newest, or at a limit.
 * @param isComplete there is no such end: see `Store.findEntries`.
 */
export const collectLedger = (isComplete: boolean) => {
  const entries: LedgerEntry[] = [];
  let characters = 0;
  let newestAtMs: number | undefined;
  let isWhole = true;
  return {
    /** @returns whether the read is over. */
    add: (entry: LedgerEntry): boolean => {
      characters += charactersOf(entry);
      isWhole = isComplete || (entries.length < LEDGER_ENTRIES_MAX && characters <= LEDGER_CHARACTERS_MAX);
      if (!isWhole) return true;
      entries.push(entry);
      if (entry.kind !== 'order') return false;
      newestAtMs ??= entry.atMs;
      return !isComplete && entry.atMs < newestAtMs;
    },
    read: (): LedgerRead => ({ entries, isWhole }),
  };
};

/**
 * Whether the fold can say something about a read that is not whole. Payments and decisions come first. So
 * once a version of the order has been read, all of them have been.
 */
export const isFoldable = ({ entries, isWhole }: LedgerRead): boolean =>
  isWhole || entries.some(({ kind }) => kind === 'order');

/**
 * Whether rows of a ledger are more than are read of it, so that there may be still more. Older versions of
 * an order count, too.
 */
export const isBeyondRead = (rows: number, characters: number): boolean =>
  rows > LEDGER_ENTRIES_MAX || characters > LEDGER_CHARACTERS_MAX;

/** How many characters the texts of an entry have: most of the memory that it takes. */
export const charactersOf = (entry: LedgerEntry): number =>
  Object.values(contentOf(entry)).reduce<number>(
    (sum, value: unknown) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );

const contentOf = (entry: LedgerEntry): object => {
  if (entry.kind === 'order') return entry.order;
  return entry.kind === 'payment' ? entry.payment : entry;
};

import { createLedgerIdsCache, type FindLedgerIds } from '../audit/look.ts';
import type { OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import type { DeadLetterFilter } from './deadLetterFilter.ts';
import { deadLetterState } from './deadLetterState.ts';
import { findDeadLetters } from './findDeadLetters.ts';

/** So many orders are read at the same time, to tell which dead letters are open. */
const STATES_AT_ONCE = 32;

interface SelectOptions {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Goes on behind this dead letter. */
  readonly after?: DeadLetterPlace | undefined;
  /** Called with the number of rows that have been read. */
  readonly onProgress?: (rows: number) => void;
  /** Reads the ledgers. Who needs them afterwards shares what it keeps. */
  readonly findIds?: FindLedgerIds | undefined;
  /** Ends it before the next page, whether anything of that would fit or not. Default: nothing does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The dead letters that a filter asks for, its state included, in the order of `comparePlaces`. Where the
 * filter names a state, the ledger of each row's order is read.
 */
export const selectDeadLetters = async function* (
  source: OperationsStore,
  filter: DeadLetterFilter,
  options: SelectOptions,
): AsyncGenerator<DeadLetterRow> {
  for await (const rows of selectGroups(source, filter, options)) yield* rows;
};

/** The same in groups as they are read: to wait for each of 100,000 rows would take half a second. */
export const selectGroups = async function* (
  source: OperationsStore,
  filter: DeadLetterFilter,
  { nowMs, after, onProgress = () => {}, findIds = createLedgerIdsCache(source), signal }: SelectOptions,
): AsyncGenerator<readonly DeadLetterRow[]> {
  let read = 0;
  for await (const rows of findDeadLetters(source, filter, { nowMs, after, signal })) {
    read += rows.length;
    onProgress(read);
    if (filter.state === undefined) {
      yield rows;
      continue;
    }
    for (let first = 0; first < rows.length; first += STATES_AT_ONCE) {
      const some = rows.slice(first, first + STATES_AT_ONCE);
      const states = await Promise.all(some.map((row) => deadLetterState(source, row, findIds)));
      yield some.filter((_, index) => states[index] === filter.state);
    }
  }
};

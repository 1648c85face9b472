import { createLedgerIdsCache } from '../../../shared/audit/look.ts';
import { deadLetterState } from '../../../shared/operations/deadLetterState.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { IndexedLetter } from './toLetter.ts';

/** So many ledgers are read at the same time, and so many letters are looked at in one step. */
const STATES_AT_ONCE = 32;
const SLICE = 512;
/** After a round, nobody looks for three times as long as it took, but for at most five minutes. */
const REST_TIMES = 3;
const REST_MIN_MS = 1_500;
const REST_MAX_MS = 300_000;

interface LookerOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Whether nobody waits for an answer any more. */
  readonly isLeft: () => boolean;
  /** Hears why a round ended early. It goes on a little later. */
  readonly onProblem: (error: unknown) => void;
}

/** Finds out whether dead letters are open: single ones now, and many in slices while somebody waits. */
export const createLetterLooker = (
  store: Pick<OperationsStore, 'findLedger' | 'findActions'>,
  { clock, isLeft, onProblem }: LookerOptions,
) => {
  let isLooking = false;
  let dueAtMs = 0;
  /** When the round began that is not over; undefined between two. */
  let roundAtMs: number | undefined;

  const lookAt = async (letters: readonly IndexedLetter[]): Promise<void> => {
    const findIds = createLedgerIdsCache(store);
    const sorted = letters.toSorted(compareOrders);
    for (let first = 0; first < sorted.length; first += STATES_AT_ONCE) {
      await Promise.all(
        sorted.slice(first, first + STATES_AT_ONCE).map(async (letter) => {
          const lookedAtMs = clock();
          letter.isOpen = (await deadLetterState(store, letter, findIds)) === 'open';
          letter.lookedAtMs = lookedAtMs;
        }),
      );
    }
  };

  /** Looks at each once in a round. Those that nobody has ever looked at come first. */
  const round = async (letters: readonly IndexedLetter[]): Promise<void> => {
    const startedAtMs = clock();
    roundAtMs ??= startedAtMs;
    const isLeftOver = ({ lookedAtMs }: IndexedLetter): boolean => lookedAtMs < (roundAtMs ?? 0);
    const queue = letters
      .filter(isLeftOver)
      .toSorted((a, b) => a.lookedAtMs - b.lookedAtMs || compareOrders(a, b));
    for (let first = 0; first < queue.length; first += SLICE) {
      // Who comes back goes on with this round.
      if (isLeft()) return;
      // A page may have looked at some meanwhile.
      await lookAt(queue.slice(first, first + SLICE).filter(isLeftOver));
    }
    roundAtMs = undefined;
    const restMs = (clock() - startedAtMs) * REST_TIMES;
    dueAtMs = clock() + Math.min(REST_MAX_MS, Math.max(REST_MIN_MS, restMs));
  };

  return {
    lookAt,
    isLooking: () => isLooking,
    /** Begins a round when one is due, or goes on with the last one. It does not wait for its end. */
    lookAround: (letters: readonly IndexedLetter[]): void => {
      if (isLooking || clock() < dueAtMs) return;
      isLooking = true;
      round(letters)
        .catch((error: unknown) => {
          onProblem(error);
          dueAtMs = clock() + REST_MIN_MS;
        })
        .finally(() => (isLooking = false));
    },
  };
};

/** The letters of one order stand together, so that its ledger is read once. */
const compareOrders = (a: IndexedLetter, b: IndexedLetter): number => {
  const [first, second] = [a.orderId ?? -1n, b.orderId ?? -1n];
  return first < second ? -1 : first > second ? 1 : 0;
};

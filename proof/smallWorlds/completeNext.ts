import { note, placeAt, type Rules } from './moves.ts';
import { isReadByOthers, NOBODY, writesOfOthers } from './settle.ts';
import { bitsIn, QUORUM, REPLICAS, type State } from './state.ts';

/** A handler's call to the replicas, or a late write. */
export interface Operation {
  /** The index of its handler in `running`; undefined for a late write. */
  readonly at: number | undefined;
  /** The index among the handler's calls, or among the late writes. */
  readonly call: number;
  readonly message: number;
  readonly isWrite: boolean;
  /** A write that no other handler reads. It completes without legs. */
  readonly isUnseen: boolean;
  readonly number: number;
  readonly answersNeeded: number;
  /** The writes that matter to a read, as bits; 0 for a write. */
  readonly matters: number;
}

/**
 * Finds each way to complete a next operation: the legs that complete it, and before them those legs of other
 * operations that can change what they do. No order of legs is lost by this. A leg that completes nothing can
 * wait until an operation completes whose outcome depends on it. A leg on which no outcome depends can be
 * left out.
 * @param whenComplete is called for each way, in the state of that moment. Afterwards the state is restored.
 */
export const completeNext = (
  state: State,
  rules: Rules,
  whenComplete: (operation: Operation) => void,
): void => {
  const operations = operationsOf(state, rules);
  const search = new LegSearch(state, operations, whenComplete);
  // A read that no write can change any more commutes with every step, so it goes first, and nothing else is
  // tried.
  const certain = operations.findIndex((operation) => isCertain(state, operation, rules));
  if (certain !== -1) return search.complete(certain, 0);
  for (const index of operations.keys()) search.complete(index, 0);
};

const operationsOf = (state: State, rules: Rules): Operation[] => {
  const operations: Operation[] = [];
  for (const [at, { place }] of state.running.entries()) {
    const { message, waiting } = placeAt(rules, place);
    for (const [call, { kind, number, answersNeeded, matters }] of waiting.entries()) {
      const isWrite = kind === 'write';
      const isUnseen = isWrite && !isReadByOthers(state, at, number, rules);
      operations.push({ at, call, message, isWrite, isUnseen, number, answersNeeded, matters });
    }
  }
  for (const [call, { write: number }] of state.late.entries()) {
    // The checks know that a late write may be anywhere. If nobody reads it, that is all.
    if (!isReadByOthers(state, NOBODY, number, rules)) continue;
    const late = { at: undefined, isWrite: true, isUnseen: false, answersNeeded: 0, matters: 0 };
    operations.push({ ...late, call, message: -1, number });
  }
  return operations;
};

const isCertain = (state: State, operation: Operation, rules: Rules): boolean => {
  const { at, isWrite, matters } = operation;
  if (isWrite || at === undefined) return false;
  const pending = pendingOf(state, operation);
  let everywhere = matters;
  for (const [replica, bits] of state.has.entries()) if ((pending & (1 << replica)) !== 0) everywhere &= bits;
  return (writesOfOthers(state, at, rules) & matters & ~everywhere) === 0;
};

const pendingOf = ({ running, late }: State, { at, call }: Operation): number =>
  (at === undefined ? late[call]?.pending : running[at]?.pending[call]) ?? 0;

/** Whether an operation is complete: its handler gets an answer, or a quorum has the write. */
const isCompletedBy = ({ at, isWrite, answersNeeded }: Operation, pending: number): boolean => {
  const reached = REPLICAS - bitsIn(pending);
  if (!isWrite) return reached === answersNeeded;
  return reached === QUORUM || (reached === answersNeeded && at !== undefined);
};

class LegSearch {
  readonly #state: State;
  readonly #operations: readonly Operation[];
  readonly #whenComplete: (operation: Operation) => void;

  constructor(state: State, operations: readonly Operation[], whenComplete: (operation: Operation) => void) {
    this.#state = state;
    this.#operations = operations;
    this.#whenComplete = whenComplete;
  }

  /**
   * Takes the legs of the operation, from this replica on. The order of two of its own legs makes no
   * difference.
   */
  complete(index: number, from: number): void {
    const operation = this.#operation(index);
    if (operation.isUnseen) return this.#whenComplete(operation);
    for (let replica = from; replica < REPLICAS; replica += 1) {
      const pending = pendingOf(this.#state, operation);
      if ((pending & (1 << replica)) === 0) continue;
      // A third leg completes nothing. `#afterOthers` takes it when it can change a read.
      if (operation.isWrite && REPLICAS - bitsIn(pending) >= QUORUM) continue;
      this.#afterOthers(index, replica, 0, () => {
        this.#take(operation, replica, () => {
          if (isCompletedBy(operation, pending & ~(1 << replica))) this.#whenComplete(operation);
          else this.complete(index, replica + 1);
        });
      });
    }
  }

  /**
   * Calls `then` once for each choice of legs of other operations that come before a leg at the same replica,
   * can change its outcome, and complete nothing themselves.
   * @param waiting the operations whose leg comes after these, as bits.
   */
  #afterOthers(index: number, replica: number, waiting: number, then: () => void): void {
    then();
    const operation = this.#operation(index);
    const bit = 1 << replica;
    const has = this.#state.has[replica] ?? 0;
    for (const [which, other] of this.#operations.entries()) {
      if (which === index || (waiting & (1 << which)) !== 0 || other.isWrite === operation.isWrite) continue;
      if (operation.isUnseen || other.isUnseen) continue;
      const pending = pendingOf(this.#state, other);
      if ((pending & bit) === 0 || isCompletedBy(other, pending & ~bit)) continue;
      const [write, read] = operation.isWrite ? [operation, other] : [other, operation];
      if ((~has & (1 << write.number) & read.matters) === 0) continue;
      this.#afterOthers(which, replica, waiting | (1 << index), () => {
        this.#take(other, replica, () => this.#afterOthers(index, replica, waiting, then));
      });
    }
  }

  /** Takes one leg, calls `then`, and restores the state. */
  #take(operation: Operation, replica: number, then: () => void): void {
    const { at, call, isWrite, message, number, matters } = operation;
    const { has, running, late, path } = this.#state;
    const calls = at === undefined ? undefined : running[at];
    const pending = pendingOf(this.#state, operation);
    const [had, seen] = [has[replica] ?? 0, calls?.seen[call] ?? 0];
    const setPending = (bits: number): void => {
      const one = late[call];
      if (calls !== undefined) calls.pending[call] = bits;
      else if (one !== undefined) one.pending = bits;
    };
    setPending(pending & ~(1 << replica));
    if (isWrite) {
      note(
        this.#state,
        at === undefined
          ? { kind: 'wrote', write: number, replica }
          : { kind: 'wrote', message, write: number, replica },
      );
      has[replica] = had | (1 << number);
    } else {
      note(this.#state, { kind: 'read', message, read: number, replica });
      if (calls !== undefined) calls.seen[call] = seen | (had & matters);
    }
    then();
    setPending(pending);
    has[replica] = had;
    if (calls !== undefined) calls.seen[call] = seen;
    this.#state.path = path;
  }

  #operation(index: number): Operation {
    const found = this.#operations[index];
    if (found === undefined) throw new Error(`no operation ${index}`);
    return found;
  }
}

import { deliver, goOn, note, placeAt, publish, type Rules } from './moves.ts';
import { ALL_REPLICAS, bitsIn, copyOf, holdersOf, keptIn, REPLICAS, type State } from './state.ts';
import { strike } from './strike.ts';

/** Stands in place of a handler when no handler came to a new place. */
export const NOBODY = -1;

/**
 * Takes every step that commutes with all steps of others, now and later: it delivers and publishes messages,
 * and lets a write arrive that the replicas have already, or that no other handler will read and no check
 * watches. Every other order of the same steps leads to a state that this order leads to as well.
 * @param entered the handler that has just come to a new place, where a fault can strike it.
 * @returns the states in which only legs of operations are left: this state, and one for each fault.
 */
export const settle = (state: State, entered: number, rules: Rules): State[] => {
  const settled: State[] = [];
  const goOnSettling = (states: readonly State[]): void => {
    for (const other of states) settled.push(...settle(other, NOBODY, rules));
  };
  let fresh: number | undefined = entered;
  while (fresh !== undefined) {
    if (fresh !== NOBODY && state.faultsLeft > 0) goOnSettling(strike(state, fresh, rules));
    spread(state, rules);
    const [queued, ...others] = state.queue;
    if (queued === undefined) {
      fresh = moveOn(state, rules);
      continue;
    }
    state.queue = others;
    if (state.faultsLeft > 0) {
      // The second delivery may wait as long as it likes before its first leg, so a later second delivery is
      // included.
      const twice = copyOf(state);
      twice.faultsLeft -= 1;
      deliver(twice, queued.message, queued.entry, rules);
      deliver(twice, queued.message, queued.entry, rules);
      goOnSettling([twice]);
    }
    const { length } = state.running;
    deliver(state, queued.message, queued.entry, rules);
    fresh = state.running.length > length ? length : NOBODY;
  }
  return [...settled, state];
};

/**
 * Takes one step that commutes. It returns the handler that came to a new place, or undefined without such a
 * step.
 */
const moveOn = (state: State, rules: Rules): number | undefined => {
  for (const [at, running] of state.running.entries()) {
    const { message, waiting } = placeAt(rules, running.place);
    for (const [call, { kind, number, answersNeeded, done }] of waiting.entries()) {
      if (kind === 'read') continue;
      const pending = running.pending[call] ?? 0;
      if (kind === 'publish') {
        note(state, { kind: 'published', message, publish: number, isTaken: true, isHeard: true });
        publish(state, number);
      } else if ((holdersOf(state.has, number) & pending) !== 0) {
        // These replicas have the write already, so its legs change nothing.
        running.pending[call] = pending & ~holdersOf(state.has, number);
        if (REPLICAS - bitsIn(running.pending[call]) < answersNeeded) return NOBODY;
        if (running.pending[call] !== 0) state.late.push({ write: number, pending: running.pending[call] });
      } else if (!rules.isWatched(number) && !isReadByOthers(state, at, number, rules)) {
        note(state, { kind: 'wrote', message, write: number });
        state.has = state.has.map((bits) => bits | (1 << number));
      } else continue;
      return goOn(state, at, call, done, rules) ? at : NOBODY;
    }
  }
  return undefined;
};

/**
 * Whether another handler reads a write, now or later. Otherwise nobody can tell at which replicas it is, so
 * it needs no legs: it arrives everywhere when its call is answered. A handler's own later reads count only
 * if it has other calls open.
 * @param at the handler that makes the call; `NOBODY` for a late write.
 */
export const isReadByOthers = (state: State, at: number, write: number, rules: Rules): boolean =>
  !rules.isSeenOnceKept || (sumOfOthers(state, at, futuresIn(state, rules).reads) & (1 << write)) !== 0;

/**
 * The writes of others that may still arrive. A handler's own later writes count only if it has other calls
 * open.
 */
export const writesOfOthers = (state: State, at: number, rules: Rules): number =>
  state.late.reduce(
    (bits, { write }) => bits | (1 << write),
    sumOfOthers(state, at, futuresIn(state, rules).writes),
  );

const futuresIn = ({ faultsLeft }: State, { futures }: Rules) => futures[faultsLeft > 0 ? 1 : 0];

const sumOfOthers = ({ running }: State, at: number, bitsAt: readonly number[]): number => {
  let bits = 0;
  for (const [other, { place, pending }] of running.entries()) {
    if (other !== at || pending.length > 1) bits |= bitsAt[place] ?? 0;
  }
  return bits;
};

/**
 * Every read that begins now sees what two replicas have, whether the third replica has it or not. So the
 * third replica gets it at once, unless a read that has begun could tell the difference. Late writes that can
 * change nothing any more are removed.
 */
const spread = (state: State, rules: Rules): void => {
  const [a, b, c] = state.has;
  if (rules.isSeenOnceKept && (a !== b || b !== c)) {
    let kept = keptIn(state.has);
    for (const { place, pending, seen } of state.running) {
      for (const [call, { matters }] of placeAt(rules, place).waiting.entries()) {
        if (pending[call] !== ALL_REPLICAS) kept &= ~(matters & ~(seen[call] ?? 0));
      }
    }
    state.has = state.has.map((bits) => bits | kept);
  }
  if (state.late.length === 0) return;
  for (const late of state.late) late.pending &= ~holdersOf(state.has, late.write);
  state.late = state.late.filter(({ pending }) => pending !== 0);
};

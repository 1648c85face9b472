import type { Waiting } from './automaton.ts';
import { goOn, leave, note, placeAt, publish, type Rules, runningAt } from './moves.ts';
import { copyOf, type State } from './state.ts';

/**
 * The faults that can strike a handler at its place, each as a separate state: a call that fails, with or
 * without effect, and a crash. A fault strikes only when the handler arrives at the place. A later fault
 * would lead to no other state, because the legs of its calls may arrive after the fault as well as before
 * it.
 */
export const strike = (state: State, at: number, rules: Rules): State[] => {
  const { place, pending } = runningAt(state, at);
  const { message, waiting } = placeAt(rules, place);
  const struck: State[] = [];
  for (const [call, asked] of waiting.entries()) {
    const { kind, number, failed } = asked;
    for (const next of statesAfterFault(state, at, call, rules)) {
      const isLate = kind === 'write' && !rules.isUnread(number);
      if (kind !== 'publish') note(next, { kind: 'failed', message, what: kind, number });
      if (kind === 'read' || isLate) {
        if (isLate) next.late.push({ write: number, pending: pending[call] ?? 0 });
      } else {
        const taken = copyOf(next);
        take(taken, asked, message, true);
        goOn(taken, at, call, failed, rules);
        struck.push(taken);
        take(next, asked, message, false);
      }
      goOn(next, at, call, failed, rules);
      struck.push(next);
    }
  }
  for (const next of statesAfterFault(state, at, -1, rules)) {
    note(next, { kind: 'crashed', message });
    leave(next, at, false, rules);
    struck.push(next);
  }
  return struck;
};

const take = (state: State, { kind, number }: Waiting, message: number, isTaken: boolean): void => {
  if (kind === 'publish') {
    note(state, { kind: 'published', message, publish: number, isTaken, isHeard: false });
    if (isTaken) publish(state, number);
  } else if (isTaken) state.unread |= 1 << number;
};

/**
 * The states after a fault, one for each set of the other unread writes that the handler waits for: the
 * writes of the set have arrived, and the others never arrive.
 */
const statesAfterFault = (state: State, at: number, except: number, rules: Rules): State[] => {
  const { message, waiting } = placeAt(rules, runningAt(state, at).place);
  let states = [copyOf(state)];
  for (const [call, { kind, number }] of waiting.entries()) {
    if (call === except || kind !== 'write' || !rules.isUnread(number)) continue;
    states = states.flatMap((missing) => {
      const there = copyOf(missing);
      there.unread |= 1 << number;
      note(there, { kind: 'wrote', message, write: number });
      return [missing, there];
    });
  }
  for (const one of states) one.faultsLeft -= 1;
  return states;
};

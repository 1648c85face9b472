import type { Waiting } from './automaton.ts';
import { goOn, leave, note, placeAt, publish, type Rules, runningAt } from './moves.ts';
import { copyOf, type State } from './state.ts';

/**
 * The faults that can strike a handler where it stands, each as a state of its own: a call that fails, having taken effect or
 * not, and a crash. They strike as it arrives there and at no other time: what it waits for may arrive after the fault just as
 * before it, so a later fault leads to nothing else.
 */
export const strike = (state: State, at: number, rules: Rules): State[] => {
  const { place, pending } = runningAt(state, at);
  const { message, waiting } = placeAt(rules, place);
  const struck: State[] = [];
  for (const [call, asked] of waiting.entries()) {
    const { kind, number, failed } = asked;
    for (const next of whateverArrived(state, at, call, rules)) {
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
  for (const next of whateverArrived(state, at, -1, rules)) {
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

/** One state, a fault poorer, for each set of the other unread writes that it waits for: those are there, or never will be. */
const whateverArrived = (state: State, at: number, except: number, rules: Rules): State[] => {
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

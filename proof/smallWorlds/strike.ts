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
  const begin = (): State => {
    const next = copyOf(state);
    next.faultsLeft -= 1;
    struck.push(next);
    return next;
  };
  for (const [call, { kind, number, failed }] of waiting.entries()) {
    if (kind === 'publish') {
      for (const isTaken of [true, false]) {
        const next = begin();
        note(next, { kind: 'published', message, publish: number, isTaken, isHeard: false });
        if (isTaken) publish(next, number);
        goOn(next, at, call, failed, rules);
      }
      continue;
    }
    const next = begin();
    note(next, { kind: 'failed', message, what: kind, number });
    if (kind === 'write') next.late.push({ write: number, pending: pending[call] ?? 0 });
    goOn(next, at, call, failed, rules);
  }
  const next = begin();
  note(next, { kind: 'crashed', message });
  leave(next, at, false, rules);
  return struck;
};

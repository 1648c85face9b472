import type { Automaton, Place } from './automaton.ts';
import type { Futures } from './futures.ts';
import type { PathEvent } from './path.ts';
import { ALL_REPLICAS, type Running, type State } from './state.ts';

/** What a step needs to know about its world. */
export interface Rules extends Automaton {
  /** Without a fault left, and with one. */
  readonly futures: readonly [Futures, Futures];
  /** Whether the checks look at what a write writes in every state, and not only in the end. */
  readonly isWatched: (write: number) => boolean;
  /** Called when a handler answers. */
  readonly onAnswer: (state: State, status: number) => void;
}

export const note = (state: State, event: PathEvent): void => {
  state.path = { event, before: state.path };
};

export const placeAt = ({ places }: Automaton, place: number): Place => {
  const found = places[place];
  if (found === undefined) throw new Error(`no place ${place}`);
  return found;
};

export const runningAt = ({ running }: State, at: number): Running => {
  const found = running[at];
  if (found === undefined) throw new Error(`no handler ${at}`);
  return found;
};

/** Begins a delivery. Its handler is the last in `running`, unless it answers at once. */
export const deliver = (state: State, message: number, entry: number, rules: Rules): void => {
  const place = rules.starts[message] ?? -1;
  note(state, { kind: 'delivered', message });
  state.running.push({ entry, isAcked: false, place, pending: [], seen: [] });
  arrive(state, state.running.length - 1, place, rules);
};

/** Answers a call. It returns false when the handler answers its message too, and is gone. */
export const goOn = (state: State, at: number, call: number, place: number, rules: Rules): boolean => {
  const running = runningAt(state, at);
  running.pending.splice(call, 1);
  running.seen.splice(call, 1);
  return arrive(state, at, place, rules);
};

const arrive = (state: State, at: number, place: number, rules: Rules): boolean => {
  const running = runningAt(state, at);
  const { message, status, waiting } = placeAt(rules, place);
  running.place = place;
  if (status === undefined) {
    while (running.pending.length < waiting.length) {
      running.pending.push(ALL_REPLICAS);
      running.seen.push(0);
    }
    return true;
  }
  note(state, { kind: 'answered', message, status });
  rules.onAnswer(state, status);
  leave(state, at, status === 204, rules);
  return false;
};

/** Removes a handler. Its writes may still arrive, and its message is delivered again unless it was acked. */
export const leave = (state: State, at: number, acks: boolean, rules: Rules): void => {
  const { entry, isAcked, pending, place } = runningAt(state, at);
  const { message, waiting } = placeAt(rules, place);
  for (const [call, left] of pending.entries()) {
    const asked = waiting[call];
    if (asked?.kind === 'write') state.late.push({ write: asked.number, pending: left });
  }
  state.running.splice(at, 1);
  if (isAcked) return;
  if (acks) {
    for (const twin of state.running) if (twin.entry === entry) twin.isAcked = true;
    state.queue = state.queue.filter((queued) => queued.entry !== entry);
  } else if (!state.queue.some((queued) => queued.entry === entry)) {
    state.queue = [...state.queue, { message, entry }];
  }
};

export const publish = (state: State, message: number): void => {
  const taken = new Set([...state.running, ...state.queue].map(({ entry }) => entry));
  let entry = 0;
  while (taken.has(entry)) entry += 1;
  state.published |= 1 << message;
  state.queue = [...state.queue, { message, entry }];
};

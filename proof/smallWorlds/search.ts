import { subsetsOf } from './answersTo.ts';
import { compileHandlers } from './compileHandlers.ts';
import { completeNext, type Operation } from './completeNext.ts';
import { futuresOf } from './futures.ts';
import { goOn, note, placeAt, publish, type Rules, runningAt } from './moves.ts';
import { NOBODY, settle } from './settle.ts';
import type { SearchedWorld } from './smallWorld.ts';
import { ALL_REPLICAS, copyOf, numbersIn, PAIRS, type State } from './state.ts';
import { createStateHash } from './stateHash.ts';
import { createVisited } from './visited.ts';

interface Found {
  readonly problem: string;
  /** The shortest path to it, one line for each step. */
  readonly path: readonly string[];
}

interface Exploration {
  readonly states: number;
  /** Whether every reachable state was visited. */
  readonly isWhole: boolean;
  readonly violations: readonly Found[];
  /** What was looked at, each as the acked messages and the watched writes of a quorum, both as bits. */
  readonly looks: ReadonlySet<string>;
  /** The writes that any two replicas may have together when no handler runs any more, as bits. */
  readonly ends: ReadonlySet<number>;
  /** Every answer that a read had, as the places before and after it. */
  readonly answers: ReadonlySet<string>;
  /** How many messages told what must be told, at least and at most, over all ends. */
  readonly tellers: { readonly least: number; readonly most: number };
}

interface SearchOptions {
  /** The number of faults, at most: 0 or 1. */
  readonly faults: number;
  /** Whether the search ends at the first violation. Default: false. */
  readonly stopsAtFirst?: boolean;
  /** Called after every 50,000 states, with the number of states so far. */
  readonly onProgress?: (states: number) => void;
}

/** A bug shows in many states, so only this many different violations are kept. */
const VIOLATIONS_MAX = 20;
const PROGRESS_STATES = 50_000;

/**
 * Visits every reachable state once. States that differ only in the order of the replicas are one state. Of
 * steps that commute it takes one order: see `settle`, `strike` and `completeNext`. `plainSearch` takes all
 * orders, and the tests compare what both see. `proof/README.md` argues why this is enough.
 */
export const search = async (
  world: SearchedWorld,
  { faults, stopsAtFirst = false, onProgress = () => {} }: SearchOptions,
): Promise<Exploration> => {
  const automaton = await compileHandlers(world.handlers);
  const violations = new Map<string, Found>();
  const looks = new Set<string>();
  const ends = new Set<number>();
  const answers = new Set<string>();
  const tellers = { least: Infinity, most: 0 };
  const visited = createVisited();
  const hashOf = createStateHash();
  const watched = [...world.handlers.writes.keys()].filter(world.isWatched);
  const watchedBits = watched.reduce((bits, write) => bits | (1 << write), 0);
  let found: State[] = [];

  const violated = (problem: string, { path }: Pick<State, 'path'>): void => {
    if (violations.has(problem) || violations.size === VIOLATIONS_MAX) return;
    violations.set(problem, { problem, path: world.linesOf(path) });
  };
  const rules: Rules = {
    ...automaton,
    futures: [futuresOf(automaton, false), futuresOf(automaton, true)],
    isWatched: world.isWatched,
    onAnswer: (state, status) => {
      if (status !== 204 && state.faultsLeft === faults) {
        violated('I7: a message was nacked, though no call had failed', state);
      }
    },
  };
  const check = (state: State): void => {
    const acked = ackedIn(state, world.messages, rules);
    const isDone = state.queue.length === 0 && state.running.every(({ isAcked }) => isAcked);
    const published = numbersIn(state.published);
    for (const bits of quorumsOf(state, rules)) {
      looks.add(lookOf(acked, bits & watchedBits));
      const problem = world.judge({ acked, bits, published, isDone });
      if (problem !== undefined) violated(problem, state);
      if (!isDone) continue;
      const count = world.tellersIn(bits);
      tellers.least = Math.min(tellers.least, count);
      tellers.most = Math.max(tellers.most, count);
      if (state.running.length === 0) ends.add(bits);
    }
  };
  const visit = (state: State, entered: number): void => {
    for (const settled of settle(state, entered, rules)) {
      const [a = 0, b = 0, c = 0] = hashOf(settled);
      if (!visited.add(a, b, c)) continue;
      check(settled);
      found.push(settled);
      if (visited.count() % PROGRESS_STATES === 0) onProgress(visited.count());
    }
  };
  const goOnFrom = (state: State, { at, call, isWrite, isUnseen, number }: Operation): void => {
    const next = copyOf(state);
    if (at === undefined) return visit(next, NOBODY);
    const running = runningAt(next, at);
    const { message, waiting } = placeAt(rules, running.place);
    const [pending = 0, seen = 0] = [running.pending[call], running.seen[call]];
    const asked = waiting[call];
    if (asked === undefined) throw new Error(`no call ${call}`);
    if (isUnseen) {
      note(next, { kind: 'wrote', message, write: number });
      next.has = next.has.map((bits) => bits | (1 << number));
    } else if (isWrite && pending !== 0) next.late.push({ write: number, pending });
    const place = isWrite ? asked.done : asked.afterSeeing(seen);
    if (!isWrite) answers.add(`${running.place} ${place}`);
    visit(next, goOn(next, at, call, place, rules) ? at : NOBODY);
  };

  const isOver = (): boolean => stopsAtFirst && violations.size > 0;

  const first: State = {
    has: [0, 0, 0],
    published: 0,
    faultsLeft: faults,
    queue: [],
    running: [],
    late: [],
    path: undefined,
  };
  for (const message of world.messages) publish(first, message);
  visit(first, NOBODY);
  // The search is breadth-first, so the first path to a violation is a shortest one.
  while (found.length > 0 && !isOver()) {
    const states = found;
    found = [];
    for (const state of states) {
      if (isOver()) break;
      completeNext(state, rules, (operation) => goOnFrom(state, operation));
    }
  }
  const isWhole = !isOver();
  if (isWhole && ends.size === 0)
    violated('I1: no path leads to a state in which all messages are acked', first);
  const counts = { states: visited.count(), isWhole, tellers };
  return { ...counts, violations: [...violations.values()], looks, ends, answers };
};

/** A look at a quorum as a text: the messages that were acked, and the watched writes that it has. */
export const lookOf = (acked: number, bits: number): string => `${acked} ${bits}`;

/** The published messages for which no delivery is owed any more, as bits of their places in `messages`. */
const ackedIn = ({ queue, running }: State, messages: readonly number[], rules: Rules): number => {
  const open = new Set(queue.map(({ message }) => message));
  for (const { isAcked, place } of running) if (!isAcked) open.add(placeAt(rules, place).message);
  return messages.reduce((bits, message, at) => (open.has(message) ? bits : bits | (1 << at)), 0);
};

/**
 * What a quorum may have: all that both of its replicas have, with any of the writes that are on their way to
 * one of them. The legs of such a write may arrive at any time.
 */
const quorumsOf = ({ has, running, late }: State, rules: Rules): ReadonlySet<number> => {
  const onTheirWay = [...late];
  for (const { place, pending } of running) {
    for (const [call, { kind, number }] of placeAt(rules, place).waiting.entries()) {
      if (kind === 'write') onTheirWay.push({ write: number, pending: pending[call] ?? ALL_REPLICAS });
    }
  }
  const found = new Set<number>();
  for (const [one, other] of PAIRS) {
    const bits = (has[one] ?? 0) | (has[other] ?? 0);
    const replicas = (1 << one) | (1 << other);
    const coming = onTheirWay
      .filter(({ pending }) => (pending & replicas) !== 0)
      .reduce((sum, { write }) => sum | (1 << write), 0);
    for (const more of subsetsOf(coming & ~bits)) found.add(bits | more);
  }
  return found;
};

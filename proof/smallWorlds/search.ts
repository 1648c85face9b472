import { compileHandlers } from './compileHandlers.ts';
import { futuresOf } from './futures.ts';
import { completeNext, type Operation } from './completeNext.ts';
import { goOn, placeAt, publish, type Rules, runningAt } from './moves.ts';
import { NOBODY, settle } from './settle.ts';
import { ALL_REPLICAS, copyOf, keptIn, numbersIn, pairsOf, type State } from './state.ts';
import { createStateHash } from './stateHash.ts';
import { createVisited } from './visited.ts';
import type { SearchedWorld } from './smallWorld.ts';

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
  /** The writes that any two replicas have together when no handler runs any more, as bits. */
  readonly ends: ReadonlySet<number>;
  /** Every answer that a read had, as the places before and after it. */
  readonly answers: ReadonlySet<string>;
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
 * orders, and the tests compare the reads and the end states of both. `proof/README.md` argues why this is
 * enough.
 */
export const search = async (
  world: SearchedWorld,
  { faults, stopsAtFirst = false, onProgress = () => {} }: SearchOptions,
): Promise<Exploration> => {
  const automaton = await compileHandlers(world.handlers, world.watchedBy);
  const violations = new Map<string, Found>();
  const ends = new Set<number>();
  const answers = new Set<string>();
  const visited = createVisited();
  const hashOf = createStateHash();
  let isEverAcked = false;
  let found: State[] = [];

  const violated = (problem: string, { path }: Pick<State, 'path'>): void => {
    if (violations.has(problem) || violations.size === VIOLATIONS_MAX) return;
    violations.set(problem, { problem, path: world.linesOf(path) });
  };
  const rules: Rules = {
    ...automaton,
    futures: [futuresOf(automaton, false), futuresOf(automaton, true)],
    isUnread: (write) => automaton.isSeenOnceKept && world.isUnread(write),
    owesConflict: world.owesConflict,
    isConflict: world.isConflict,
    onAnswer: (state, { owes }, status) => {
      if (status !== 204 && state.faultsLeft === faults) {
        violated('I7: a message was nacked, though no call had failed', state);
      }
      if (status === 204 && owes) {
        violated('I6: a payment was acked and not reported, though its order had another one', state);
      }
    },
  };
  const judge = (state: State): void => {
    if (state.queue.length > 0 || state.running.some(({ isAcked }) => !isAcked)) return;
    isEverAcked = true;
    for (const bits of pairsOf(state.has)) {
      const problem = world.judge(bits | state.unread, numbersIn(state.published));
      if (problem !== undefined) violated(problem, state);
      if (state.running.length === 0) ends.add(automaton.views.closed(bits) | state.unread);
    }
  };
  const visit = (state: State, entered: number): void => {
    for (const settled of settle(state, entered, rules, judge)) {
      const [a = 0, b = 0, c = 0] = hashOf(settled);
      if (!visited.add(a, b, c)) continue;
      found.push(settled);
      if (visited.count() % PROGRESS_STATES === 0) onProgress(visited.count());
    }
  };
  const goOnFrom = (
    state: State,
    kept: number | undefined,
    { at, call, isWrite, number }: Operation,
  ): void => {
    const next = copyOf(state);
    if (at === undefined) return visit(next, NOBODY);
    const running = runningAt(next, at);
    const { isStart, message, waiting } = placeAt(rules, running.place);
    const [pending = 0, seen = 0] = [running.pending[call], running.seen[call]];
    const asked = waiting[call];
    if (asked === undefined) throw new Error(`no call ${call}`);
    if (isWrite && pending !== 0) next.late.push({ write: number, pending });
    const place = isWrite ? asked.done : asked.afterSeeing(seen);
    if (!isWrite) answers.add(`${running.place} ${place}`);
    if (isStart && !isWrite && kept !== undefined) running.owes = rules.owesConflict(message, kept);
    visit(next, goOn(next, at, call, place, rules) ? at : NOBODY);
  };

  const isOver = (): boolean => stopsAtFirst && violations.size > 0;

  const first: State = {
    has: [0, 0, 0],
    unread: 0,
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
      const kept = keptIn(state.has);
      const untouched = state.running.map(({ pending }) => pending.map((bits) => bits === ALL_REPLICAS));
      completeNext(state, rules, (operation) => {
        // The call has reached no replica, so this delivery may as well begin now. What is kept now binds it.
        const beginsNow = operation.at !== undefined && untouched[operation.at]?.[operation.call];
        goOnFrom(state, beginsNow ? kept : undefined, operation);
      });
    }
  }
  const isWhole = !isOver();
  if (isWhole && !isEverAcked)
    violated('I1: no path leads to a state in which all messages are acked', first);
  return { states: visited.count(), isWhole, violations: [...violations.values()], ends, answers };
};

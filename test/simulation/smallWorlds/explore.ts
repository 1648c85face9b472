import { keyOf, pairsOf, type State } from './state.ts';
import { stepsFrom } from './steps.ts';
import { forgetLateWrites, type Rules } from './transitions.ts';

export interface Exploration {
  readonly states: number;
  /** Every state that can be reached was visited. */
  readonly isWhole: boolean;
  readonly violations: readonly string[];
}

export interface ExploreOptions extends Rules {
  readonly messages: readonly number[];
  readonly faults: number;
  /** What is wrong in a state in which every message is acked, given what any two replicas have together
   * and the numbers of all messages. */
  readonly judge: (bits: number, published: readonly number[]) => string | undefined;
  /** The search ends after so many; undefined for no limit. */
  readonly statesMax?: number | undefined;
}

/** Different ones; a world that is wrong is wrong in many states. */
const VIOLATIONS_MAX = 20;

/** Visits every state that can be reached, each once, whichever replica comes first. */
export const explore = async (options: ExploreOptions): Promise<Exploration> => {
  const { messages, faults, judge, statesMax } = options;
  const first: State = {
    replicas: [0, 0, 0],
    operations: [],
    handlers: [],
    messages: messages.map((number) => ({ number, status: 0 })),
    unread: 0,
    faultsLeft: faults,
    isGivenBack: false,
  };
  const visited = createVisited();
  visited.add(keyOf(first));
  const stack: State[] = [first];
  const violations = new Set<string>();
  let isEverAcked = false;
  const violated = (problem: string | undefined): void => {
    if (problem !== undefined && violations.size < VIOLATIONS_MAX) violations.add(problem);
  };

  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    if (state.messages.every(({ status }) => status === 2)) {
      isEverAcked = true;
      const published = state.messages.map(({ number }) => number);
      for (const bits of pairsOf(state.replicas)) violated(judge(bits | state.unread, published));
    }
    for (const step of stepsFrom(state, options)) {
      const pending = step();
      const made = pending instanceof Promise ? await pending : pending;
      if (made.isGivenBack && made.faultsLeft === faults)
        violated('I7: a message was given back though nothing failed');
      const next = { ...forgetLateWrites(made, options), isGivenBack: false };
      const key = keyOf(next);
      if (!visited.add(key)) continue;
      if (visited.count() === statesMax)
        return { states: statesMax, isWhole: false, violations: [...violations] };
      stack.push(next);
    }
  }
  if (!isEverAcked) violated('I1: there is no way in which everything is acked');
  return { states: visited.count(), isWhole: true, violations: [...violations] };
};

/** One Set takes 2^24 texts at most. */
const SETS = 64;

/** The states that were visited. */
const createVisited = () => {
  const sets = Array.from({ length: SETS }, () => new Set<string>());
  let count = 0;
  return {
    count: () => count,
    /** False for one that is there already. */
    add: (key: string): boolean => {
      let hash = 0;
      for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) | 0;
      const set = sets[(hash >>> 0) % SETS];
      if (set === undefined || set.has(key)) return false;
      set.add(key);
      count += 1;
      return true;
    },
  };
};

import type { Automaton } from './automaton.ts';
import { compileHandlers } from './compileHandlers.ts';
import type { HandlerNodes } from './handlerNodes.ts';
import { createPlainSteps, type Plain } from './plainSteps.ts';
import { lookOf } from './search.ts';
import type { SearchedWorld } from './smallWorld.ts';
import { PAIRS } from './state.ts';

interface PlainExploration {
  readonly states: number;
  readonly violations: ReadonlySet<string>;
  /** The acked messages and the watched writes of a quorum, both as bits, of every quorum of every state. */
  readonly looks: ReadonlySet<string>;
  /** The writes that any two replicas have together when no handler runs any more, as bits. */
  readonly ends: ReadonlySet<number>;
  /** Every answer that a read had, as the places before and after it. */
  readonly answers: ReadonlySet<string>;
}

/**
 * A search without any reduction: it takes every order of all steps of `createPlainSteps`. Tests compare
 * `search` with it. It is too slow for all but the smallest worlds.
 */
export const plainSearch = async (world: SearchedWorld, faults: number): Promise<PlainExploration> => {
  const { handlers, messages } = world;
  const automaton = await compileHandlers(handlers);
  const violations = new Set<string>();
  const looks = new Set<string>();
  const ends = new Set<number>();
  const answers = new Set<string>();
  const stepsFrom = createPlainSteps(world, {
    onRead: (node, next) =>
      answers.add(`${placeOf(node, handlers, automaton)} ${placeOf(next, handlers, automaton)}`),
    onNack: (faultsLeft) => {
      if (faultsLeft === faults) violations.add('I7: a message was nacked, though no call had failed');
    },
  });
  let watched = 0;
  for (const write of handlers.writes.keys()) if (world.isWatched(write)) watched |= 1 << write;
  const check = (state: Plain): void => {
    const isDone = state.messages.every(({ status }) => status === 'acked');
    const published = state.messages.map(({ number }) => number);
    let acked = 0;
    for (const at of messages.keys()) if (state.messages[at]?.status === 'acked') acked |= 1 << at;
    for (const [one, other] of PAIRS) {
      const bits = (state.replicas[one] ?? 0) | (state.replicas[other] ?? 0);
      looks.add(lookOf(acked, bits & watched));
      const problem = world.judge({ acked, bits, published, isDone });
      if (problem !== undefined) violations.add(problem);
      if (isDone && state.running.length === 0) ends.add(bits);
    }
  };

  const first: Plain = {
    replicas: [0, 0, 0],
    running: [],
    late: [],
    messages: messages.map((number) => ({ number, status: 'waits' })),
    faultsLeft: faults,
  };
  const visited = new Set([keyOf(first)]);
  const stack = [first];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    check(state);
    for (const next of await stepsFrom(state)) {
      const key = keyOf(next);
      if (visited.has(key)) continue;
      visited.add(key);
      stack.push(next);
    }
  }
  return { states: visited.size, violations, looks, ends, answers };
};

/** The place of the automaton after the answers that led to a node. */
const placeOf = (node: number, handlers: HandlerNodes, { places, starts }: Automaton): number => {
  let place = starts[handlers.nodeAt(node).message] ?? -1;
  let asked = places[place]?.waiting.length ?? 0;
  const open = Array.from({ length: asked }, (_, call) => call);
  for (const [call, result] of handlers.historyOf(node)) {
    const at = open.indexOf(call);
    const waiting = places[place]?.waiting[at];
    if (waiting === undefined) throw new Error(`no call ${call}`);
    if (typeof result === 'number') place = waiting.afterSeeing(result);
    else place = result === 'done' ? waiting.done : waiting.failed;
    open.splice(at, 1);
    while (open.length < (places[place]?.waiting.length ?? 0)) {
      open.push(asked);
      asked += 1;
    }
  }
  return place;
};

/**
 * A key of a state. States that differ only in the order of the replicas or of the handlers mostly have one
 * key: the parts are sorted, and equal parts may stay in a different order.
 */
const keyOf = ({ replicas, running, late, messages, faultsLeft }: Plain): string => {
  const parts = running.map(({ message, node, operations }) => ({
    text: `${messages[message]?.number}${messages[message]?.status}@${node}:${operations.map(({ call, seen }) => `${call}.${seen}`).join()}`,
    operations,
    message,
  }));
  for (const operation of late) {
    parts.push({ text: `late ${operation.number}`, operations: [operation], message: -1 });
  }
  parts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const columns = replicas.map((bits, replica) =>
    [
      bits,
      ...parts.map(({ operations }) => operations.map(({ pending }) => (pending >> replica) & 1).join('')),
    ].join(),
  );
  const owners = [...new Set(parts.map(({ message }) => message))];
  const names = parts.map(({ text, message }) => `${owners.indexOf(message)}/${text}`);
  const queue = messages.map(({ number, status }) => `${number}${status}`);
  return [faultsLeft, queue.toSorted().join(), names.join(), columns.toSorted().join('|')].join(' ');
};

import type { Automaton, Place, Waiting } from './automaton.ts';
import { numbersIn, QUORUM, REPLICAS } from './state.ts';
import { answersTo, subsetsOf } from './answersTo.ts';
import type { Call, HandlerNodes, Result } from './handlerNodes.ts';

/** A node with the calls that it waits for. */
interface Open {
  readonly node: number;
  readonly message: number;
  readonly status: number | undefined;
  readonly calls: readonly { readonly asked: Call; readonly next: ReadonlyMap<Result, number> }[];
}

/**
 * Merges the nodes that no answer can tell apart into one place (Moore's algorithm). At first all nodes are
 * in one class. Each round splits a class whose nodes differ in their calls, their status, or the classes to
 * which their answers lead. It ends after a round that splits nothing; each class is then a place.
 */
export const mergeNodes = async (handlers: HandlerNodes, nodes: readonly number[]): Promise<Automaton> => {
  const opened: Open[] = [];
  for (const node of nodes) opened.push(await open(handlers, node));
  let placeOf = new Map(nodes.map((node) => [node, 0]));
  for (let count = 0; ;) {
    const names = new Map<string, number>();
    const finer = new Map<number, number>();
    for (const one of opened) {
      const name = nameOf(one, placeOf);
      const place = names.get(name) ?? names.size;
      names.set(name, place);
      finer.set(one.node, place);
    }
    placeOf = finer;
    if (names.size === count) break;
    count = names.size;
  }
  const starts: number[] = [];
  for (const message of handlers.messages.keys()) {
    starts.push(placeOf.get(await handlers.start(message)) ?? -1);
  }
  const places: Place[] = [];
  for (const one of opened) {
    const { node, message, status, calls } = one;
    const place = placeOf.get(node) ?? -1;
    if (places[place] !== undefined) continue;
    const toPlace = (call: number, result: Result): number =>
      placeOf.get(calls[call]?.next.get(result) ?? -1) ?? -1;
    const waiting = calls.map(({ asked }, call): Waiting => {
      const { kind } = asked;
      const answersNeeded = answersNeededBy(asked);
      const [done, failed] = [toPlace(call, 'done'), toPlace(call, 'failed')];
      const common = { kind, number: numberIn(asked), answersNeeded, done, failed };
      if (asked.kind !== 'read' || status !== undefined) {
        return { ...common, matters: 0, afterSeeing: () => -1, afterRead: new Set() };
      }
      const relevant = handlers.relevantTo(asked.read);
      const afterSeeing = (seen: number): number => toPlace(call, seen & relevant);
      const sets = subsetsOf(relevant);
      const matters = numbersIn(relevant)
        .filter((write) => sets.some((bits) => afterSeeing(bits) !== afterSeeing(bits | (1 << write))))
        .reduce((bits, write) => bits | (1 << write), 0);
      return { ...common, matters, afterSeeing, afterRead: new Set(sets.map(afterSeeing)) };
    });
    places[place] = { message, status, waiting };
  }
  const isSeenOnceKept = places.every(({ waiting }) =>
    waiting.every(({ kind, answersNeeded }) => kind === 'publish' || answersNeeded + QUORUM > REPLICAS),
  );
  return { places, starts, isSeenOnceKept };
};

const open = async (handlers: HandlerNodes, node: number): Promise<Open> => {
  const { message, status, calls, results } = handlers.nodeAt(node);
  const waiting = [];
  for (const [call, asked] of calls.entries()) {
    if (results[call] !== undefined) continue;
    const next = new Map<Result, number>();
    if (status === undefined) {
      for (const result of answersTo(asked, handlers))
        next.set(result, await handlers.answer(node, call, result));
    }
    waiting.push({ asked, next });
  }
  return { node, message, status, calls: waiting };
};

const nameOf = ({ message, status, calls }: Open, placeOf: ReadonlyMap<number, number>): string =>
  JSON.stringify([
    message,
    status,
    calls.map(({ asked, next }) => [
      asked.kind,
      answersNeededBy(asked),
      numberIn(asked),
      [...next.values()].map((node) => placeOf.get(node)),
    ]),
  ]);

const answersNeededBy = (call: Call): number => (call.kind === 'publish' ? 0 : call.answersNeeded);

const numberIn = (call: Call): number =>
  call.kind === 'write' ? call.write : call.kind === 'read' ? call.read : call.message;

import { createStream } from '../../../functions/simulate/random.ts';
import type { SearchedWorld } from '../../../proof/smallWorlds/smallWorld.ts';
import type { Call, HandlerNodes, Node, Result } from '../../../proof/smallWorlds/handlerNodes.ts';

/**
 * The stages of a made-up handler. It makes all calls of a stage together, and then those of the next stage.
 * At the end it writes down everything that it has read.
 */
type Program = readonly (readonly ({ readonly writes: number } | { readonly reads: number })[])[];

const KEYS = 3;

/**
 * Draws handlers with two stages each. They write and read three keys, at a quorum or, for some seeds, at
 * ONE.
 */
export const drawPrograms = (
  seed: number,
  handlers: number,
): { programs: readonly Program[]; answersNeeded: number } => {
  const { integer, chance } = createStream(seed, handlers, 0);
  const drawCall = () =>
    chance(0.5) ? { writes: integer(0, KEYS - 1) } : { reads: integer(1, 2 ** KEYS - 1) };
  const drawStage = () => Array.from({ length: chance(0.2) ? 2 : 1 }, drawCall);
  const programs = Array.from({ length: handlers }, () => Array.from({ length: 2 }, drawStage));
  return { programs, answersNeeded: chance(0.2) ? 1 : 2 };
};

/**
 * A world of made-up handlers, like the litmus tests of memory models. The last write of each handler
 * contains what it read. So two searches that differ in any read differ in what the replicas have at the end.
 */
export const createLitmusWorld = (programs: readonly Program[], answersNeeded: number): SearchedWorld => {
  const nodes: Node[] = [];
  const histories: (readonly (readonly [number, Result])[])[] = [];
  const numbers = new Map<string, number>();
  const writes: string[] = Array.from({ length: KEYS }, (_, key) => `key ${key}`);
  const reads = Array.from({ length: 2 ** KEYS }, (_, keys) => keys);

  const noteOf = (text: string): number => {
    const known = writes.indexOf(text);
    return known === -1 ? writes.push(text) - 1 : known;
  };
  const nodeOf = (message: number, history: readonly (readonly [number, Result])[]): number => {
    const name = JSON.stringify([message, history]);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = nodes.push(standOf(message, history)) - 1;
    histories.push(history);
    numbers.set(name, number);
    return number;
  };
  const standOf = (message: number, history: readonly (readonly [number, Result])[]): Node => {
    const answers = new Map(history);
    const calls: Call[] = [];
    const stand = (status: number | undefined): Node => ({
      message,
      calls,
      results: calls.map((_, call) => answers.get(call)),
      status,
    });
    for (const stage of programs[message] ?? []) {
      for (const call of stage) {
        calls.push(
          'writes' in call
            ? { kind: 'write', write: call.writes, answersNeeded }
            : { kind: 'read', read: call.reads, answersNeeded },
        );
      }
      const results = calls.map((_, call) => answers.get(call));
      if (results.includes('failed')) return stand(503);
      if (results.includes(undefined)) return stand(undefined);
    }
    const seen = calls.map((_, call) => answers.get(call)).filter((result) => typeof result === 'number');
    calls.push({ kind: 'write', write: noteOf(`${message} read ${seen.join()}`), answersNeeded });
    const last = answers.get(calls.length - 1);
    return stand(last === undefined ? undefined : last === 'done' ? 204 : 503);
  };

  const handlers: HandlerNodes = {
    messages: programs,
    writes,
    reads,
    start: (message) => nodeOf(message, []),
    answer: (node, call, result) =>
      nodeOf(nodes[node]?.message ?? -1, [...(histories[node] ?? []), [call, result]]),
    nodeAt: (node) => {
      const found = nodes[node];
      if (found === undefined) throw new Error(`no node ${node}`);
      return found;
    },
    historyOf: (node) => histories[node] ?? [],
    relevantTo: (read) => read,
  };
  return {
    handlers,
    messages: [...programs.keys()],
    isWatched: (write) => write % 2 === 0,
    judge: () => undefined,
    tellersIn: () => 0,
    linesOf: () => [],
  };
};

import { answersTo } from './answersTo.ts';
import type { Automaton } from './automaton.ts';
import type { HandlerNodes } from './handlerNodes.ts';
import { mergeNodes } from './mergeNodes.ts';

/** Runs the real handlers with every answer that each call can get, until no run shows anything new. */
export const compileHandlers = async (handlers: HandlerNodes): Promise<Automaton> => {
  // A round may find new writes, and then reads can see more. The loop ends after a round that found nothing
  // new.
  let nodes: number[] = [];
  for (let known = -1; known !== sizeOf(handlers);) {
    known = sizeOf(handlers);
    nodes = [];
    for (const message of handlers.messages.keys()) nodes.push(...(await visit(handlers, message)));
  }
  return mergeNodes(handlers, nodes);
};

const sizeOf = ({ writes, reads, messages }: HandlerNodes): number =>
  writes.length + reads.length + messages.length;

/** Every node that the handler of a message can reach. */
const visit = async (handlers: HandlerNodes, message: number): Promise<number[]> => {
  const found = new Set([await handlers.start(message)]);
  for (const node of found) {
    const { calls, results, status } = handlers.nodeAt(node);
    if (status !== undefined) continue;
    for (const [call, asked] of calls.entries()) {
      if (results[call] !== undefined) continue;
      for (const result of answersTo(asked, handlers)) found.add(await handlers.answer(node, call, result));
    }
  }
  return [...found];
};

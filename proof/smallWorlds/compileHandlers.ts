import type { Automaton } from './automaton.ts';
import type { HandlerNodes } from './handlerNodes.ts';
import { mergeNodes } from './mergeNodes.ts';
import { answersTo, createViews, type Views } from './views.ts';

/** Asks the real handlers, with every answer that any call can get, until nothing new comes of it. */
export const compileHandlers = async (
  handlers: HandlerNodes,
  /** The writes that a message's first read is held against, whether or not they make a difference to its handler. */
  watchedBy: (message: number) => number,
): Promise<Automaton> => {
  // What a read can see grows with the writes that are known: the last round finds nothing that the one before it did not.
  for (let known = -1; known !== sizeOf(handlers);) {
    known = sizeOf(handlers);
    for (const message of handlers.messages.keys()) await visit(handlers, message, createViews(handlers));
  }
  const views = createViews(handlers);
  const nodes: number[] = [];
  for (const message of handlers.messages.keys()) nodes.push(...(await visit(handlers, message, views)));
  return mergeNodes(handlers, nodes, views, watchedBy);
};

const sizeOf = ({ writes, reads, messages }: HandlerNodes): number =>
  writes.length + reads.length + messages.length;

/** Every node that a message's handler can come to. */
const visit = async (handlers: HandlerNodes, message: number, views: Views): Promise<number[]> => {
  const found = new Set([await handlers.start(message)]);
  for (const node of found) {
    const { calls, results, status } = handlers.nodeAt(node);
    if (status !== undefined) continue;
    for (const [call, asked] of calls.entries()) {
      if (results[call] !== undefined) continue;
      for (const result of answersTo(asked, views)) found.add(await handlers.answer(node, call, result));
    }
  }
  return [...found];
};

import type { Call, HandlerNodes, Result } from './handlerNodes.ts';
import { numbersIn } from './state.ts';

/** Every answer that a call can get. A read can see each set of the writes that are relevant to it. */
export const answersTo = (call: Call, handlers: HandlerNodes): readonly Result[] =>
  call.kind === 'read' ? ['failed', ...subsetsOf(handlers.relevantTo(call.read))] : ['failed', 'done'];

/** All subsets of a set. `0b101` gives `[0b000, 0b001, 0b100, 0b101]`. */
export const subsetsOf = (bits: number): readonly number[] => {
  let subsets = [0];
  for (const number of numbersIn(bits)) subsets = [...subsets, ...subsets.map((set) => set | (1 << number))];
  return subsets;
};

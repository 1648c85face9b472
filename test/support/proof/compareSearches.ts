import { expect } from 'vitest';
import { plainSearch } from '../../../proof/smallWorlds/plainSearch.ts';
import { search } from '../../../proof/smallWorlds/search.ts';
import type { SearchedWorld } from '../../../proof/smallWorlds/smallWorld.ts';

/**
 * Searches a world with and without the reduction, and expects that both see the same: the same ends, the
 * same violations, and the same quorums. The two need not see a quorum with the same messages acked: the
 * reduced search acks as early as it can, and lets a leg arrive before its handler hears of it. All checks
 * are stricter the more is acked. So what one search sees, the other must see with at least as much acked.
 */
export const compareSearches = async (world: SearchedWorld, faults: number, name: string) => {
  const plain = await plainSearch(world, faults);
  const reduced = await search(world, { faults });

  console.log(`${name}, at most ${faults} fault: ${reduced.states} states for ${plain.states}`);
  expect(reduced.ends, `in ${name}`).toEqual(plain.ends);
  expect(new Set(reduced.violations.map(({ problem }) => problem)), `in ${name}`).toEqual(plain.violations);
  expect(uncovered(plain.looks, reduced.looks), `in ${name}`).toEqual([]);
  expect(uncovered(reduced.looks, plain.looks), `in ${name}`).toEqual([]);
  return { plain, reduced };
};

/** The looks for which the others have none with the same writes and as many of its messages acked. */
const uncovered = (looks: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] => {
  const ackedWith = Map.groupBy([...others].map(partsOf), ({ bits }) => bits);
  return [...looks].filter((look) => {
    const { acked, bits } = partsOf(look);
    return ackedWith.get(bits)?.some((other) => (other.acked & acked) === acked) !== true;
  });
};

const partsOf = (look: string): { readonly acked: number; readonly bits: number } => {
  const [acked = 0, bits = 0] = look.split(' ').map(Number);
  return { acked, bits };
};

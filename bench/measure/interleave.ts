/** Something that is measured beside others, by turns. */
export interface Contestant<Measured> {
  readonly name: string;
  readonly measure: () => Promise<Measured>;
}

/**
 * Measures contestants by turns: A B C, then C B A, and again. So what changes slowly, such as other load on
 * the machine, a table that grows, or code that warms up, affects all of them alike. A round is one turn
 * there and one back.
 * @param merge makes one measurement of the two of a round.
 * @returns for each contestant its measurements, one for each round.
 */
export const interleave = async <Measured>(
  contestants: readonly Contestant<Measured>[],
  rounds: number,
  merge: (there: Measured, back: Measured) => Measured,
): Promise<ReadonlyMap<string, readonly Measured[]>> => {
  const results = new Map<string, Measured[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const there = new Map<string, Measured>();
    for (const { name, measure } of contestants) there.set(name, await measure());
    for (const { name, measure } of contestants.toReversed()) {
      const first = there.get(name);
      const second = await measure();
      if (first !== undefined) results.get(name)?.push(merge(first, second));
    }
  }
  return results;
};

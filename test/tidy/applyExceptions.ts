/** What a rule found: the key that a list of exceptions names, and the sentence that a failure shows. */
export interface Finding {
  readonly key: string;
  readonly fault: string;
}

/**
 * The faults that remain when a rule has a list of exceptions. The list only shrinks: an entry that the rule
 * no longer needs is a fault too.
 * @param listName the constant in exceptions.ts.
 */
export const applyExceptions = (
  findings: readonly Finding[],
  listName: string,
  exceptions: readonly string[],
): readonly string[] => {
  const found = new Set(findings.map(({ key }) => key));
  return [
    ...findings.filter(({ key }) => !exceptions.includes(key)).map(({ fault }) => fault),
    ...exceptions
      .filter((entry) => !found.has(entry))
      .map(
        (entry) => `test/tidy/exceptions.ts: ${listName}: ${entry} needs no exception: take it off the list`,
      ),
  ];
};

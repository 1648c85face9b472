/** An error, its cause, the cause of that, and so on, up to something that is not an Error. */
const chainOf = (error: unknown): readonly Error[] => {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error; one = one.cause) chain.push(one);
  return chain;
};

/** The first error of a class in the chain of causes. */
export const findCause = <Wanted extends Error>(
  error: unknown,
  wanted: abstract new (...args: never[]) => Wanted,
): Wanted | undefined => chainOf(error).find((one): one is Wanted => one instanceof wanted);

/** An error for a person: its message, then the messages of its causes. Stacks are left out. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  return chainOf(error)
    .map(({ message }) => message)
    .filter((message) => message !== '')
    .join(': ');
};

/** An error for a person: its message, then the messages of its causes. Stacks are left out. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  const causes: string[] = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  return causes.filter((message) => message !== '').join(': ');
};

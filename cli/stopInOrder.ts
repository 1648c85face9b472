/**
 * Stops one after the other. An error of one does not keep the others running.
 * @throws the first error, when all have been asked to stop.
 */
export const stopInOrder = async (stops: readonly (() => void | Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const stop of stops) {
    try {
      await stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
};

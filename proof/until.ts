import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/**
 * Waits for a condition, with a time limit.
 * @param what the condition in words, for the error text.
 * @param look is called again and again, until it returns a value other than undefined and false.
 * @returns that value.
 * @throws Error when the time is up.
 */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 30_000,
): Promise<T> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms for this, and it did not happen: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
};

import { afterEach, beforeEach, vi } from 'vitest';
import { invalidLetter } from './invalidLetter.ts';
import { startMemorySystem } from './memorySystem.ts';

/**
 * Gives each test of a `describe` a memory system of its own, and keeps what commands say on standard error.
 * @param letters the numbers of the invalid dead letters that are in it.
 */
export const useMemorySystem = (letters: readonly number[] = []) => {
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    system = await startMemorySystem();
    for (const number of letters) await system.store.recordDeadLetter(invalidLetter(number));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
  });
  return {
    get url() {
      return system.url;
    },
    get store() {
      return system.store;
    },
    run: (...command: Parameters<typeof system.run>) => system.run(...command),
    printed: () => system.printed(),
  };
};

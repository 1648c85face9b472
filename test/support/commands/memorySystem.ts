import { inject, vi } from 'vitest';
import { createProgram } from '../../../cli/createProgram.ts';
import { startMemoryStore } from '../../../local/cassandra/startMemoryStore.ts';
import { provision } from '../../../local/pubsub/provision.ts';
import type { Environment } from '../../../shared/config.ts';
import { createMemoryStoreClient } from '../../../shared/store/memoryStoreClient.ts';
import { commandEnv } from './commandEnv.ts';

/** An in-memory store and the topics of a new project. Commands run on them in this process. */
export const startMemorySystem = async () => {
  const env = commandEnv();
  const part = await startMemoryStore('a test');
  await provision({
    projectId: env.GOOGLE_CLOUD_PROJECT ?? '',
    pubsub: inject('pubsub') ?? '',
    functionUrls: {},
    isGoogleEmulator: false,
  });
  const url = part.env.TALLY_MEMORY_STORE_URL ?? '';
  return {
    url,
    store: createMemoryStoreClient(url),
    stop: part.stop,
    /** What the last command has printed so far, also one that failed. */
    printed: (): string => vi.mocked(console.log).mock.calls.flat().join('\n'),
    /**
     * Runs a command, and returns what it printed on standard output. It rejects with the command's error.
     * @param storeUrl where the command finds the store. Default: where it is.
     * @param more variables of the command beside those of the system.
     */
    run: async (words: readonly string[], storeUrl = url, more: Environment = {}): Promise<string> => {
      const print = vi.spyOn(console, 'log').mockImplementation(() => {});
      print.mockClear();
      const program = createProgram({ ...env, TALLY_MEMORY_STORE_URL: storeUrl, ...more });
      await program.parseAsync(words, { from: 'user' });
      return print.mock.calls.flat().join('\n');
    },
  };
};

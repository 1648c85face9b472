import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The proof changes the process for its own speed: the stack of an error, the timers. */
const ALONE = 'test/proof/**/*.test.ts';
const SLOW = 'test/**/*.slow.test.ts';

/** What `npm test` and `npm run test:slow` have in common. */
const SHARED = {
  globalSetup: ['test/support/globalSetup.ts'],
  reporters: ['default', './test/support/summaryReporter.ts'],
  // To kill a Cassandra and start it again takes 15 s. Everything else is much quicker.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Two more than the two cores of a small machine: many tests mostly wait, for a deadline or a Cassandra.
  maxWorkers: 4,
  env: { METADATA_SERVER_DETECTION: 'none' },
};

/** `npm test` runs every `*.test.ts` except `*.slow.test.ts`; `npm run test:slow` runs those. */
export const createConfig = (kind: 'fast' | 'slow') => {
  const root = join(import.meta.dirname, '..');
  if (kind === 'slow') return defineConfig({ root, test: { ...SHARED, include: [SLOW] } });
  return defineConfig({
    root,
    test: {
      ...SHARED,
      projects: [
        {
          extends: true,
          test: {
            name: 'together',
            include: ['test/**/*.test.ts'],
            exclude: [SLOW, ALONE],
            // A worker keeps the modules and what they compiled to, which saves a fifth of the run.
            isolate: false,
            setupFiles: ['test/support/restoreProcess.ts'],
          },
        },
        { extends: true, test: { name: 'alone', include: [ALONE], exclude: [SLOW] } },
      ],
    },
  });
};

export default createConfig('fast');

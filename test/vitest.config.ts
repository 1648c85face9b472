import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What `npm test` and `npm run test:slow` have in common. */
const SHARED = {
  globalSetup: ['test/support/globalSetup.ts'],
  reporters: ['default', './test/support/summaryReporter.ts'],
  // To kill a Cassandra and start it again takes 15 s. Everything else is much quicker.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // With two cores and one Cassandra, more workers would only slow each other down.
  maxWorkers: 2,
  env: { METADATA_SERVER_DETECTION: 'none' },
};

/** `npm test` runs every `*.test.ts` except `*.slow.test.ts`; `npm run test:slow` runs those. */
export const createConfig = (kind: 'fast' | 'slow') =>
  defineConfig({
    root: join(import.meta.dirname, '..'),
    test:
      kind === 'fast'
        ? { ...SHARED, include: ['test/**/*.test.ts'], exclude: ['test/**/*.slow.test.ts'] }
        : { ...SHARED, include: ['test/**/*.slow.test.ts'] },
  });

export default createConfig('fast');

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What `npm test` and `npm run test:slow` have in common. */
const SHARED = {
  globalSetup: ['test/support/globalSetup.ts'],
  reporters: ['default', './test/support/summaryReporter.ts'],
  // A Cassandra that is killed and started again takes a quarter of a minute; everything else is far quicker.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Two cores, one Cassandra: more workers only make each other late.
  maxWorkers: 2,
  env: { METADATA_SERVER_DETECTION: 'none' },
};

/**
 * `npm test` runs every `*.test.ts` but those that end in `.slow.test.ts`; `npm run test:slow` runs those alone.
 */
export const createConfig = (kind: 'fast' | 'slow') =>
  defineConfig({
    root: join(import.meta.dirname, '..'),
    test:
      kind === 'fast'
        ? { ...SHARED, include: ['test/**/*.test.ts'], exclude: ['test/**/*.slow.test.ts'] }
        : { ...SHARED, include: ['test/**/*.slow.test.ts'] },
  });

export default createConfig('fast');

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Folders whose tests start nothing: a worker keeps the modules that they share, which saves a tenth of the
 * run.
 */
const PURE = [
  'test/shared/**',
  'test/functions/**',
  'test/cdktf/**',
  ...['orders', 'page', 'sums'].map((room) => `test/console/${room}/**`),
  'test/tidy/**',
  'test/docs/**',
];
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
  const pure = PURE.map((folder) => `${folder}/*.test.ts`);
  return defineConfig({
    root,
    test: {
      ...SHARED,
      projects: [
        { extends: true, test: { name: 'pure', include: pure, exclude: [SLOW], isolate: false } },
        { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [SLOW, ...pure] } },
      ],
    },
  });
};

export default createConfig('fast');

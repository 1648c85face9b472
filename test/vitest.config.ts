import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // A Cassandra that is killed and started again takes a quarter of a minute; everything else is far quicker.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores, one Cassandra: more workers only make each other late.
    maxWorkers: 2,
    env: { METADATA_SERVER_DETECTION: 'none' },
  },
});

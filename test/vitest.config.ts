import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // To kill a Cassandra and start it again takes 15 s. Everything else is much quicker.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // With two cores and one Cassandra, more workers would only slow each other down.
    maxWorkers: 2,
    env: { METADATA_SERVER_DETECTION: 'none' },
  },
});

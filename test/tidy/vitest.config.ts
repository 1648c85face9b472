import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The rules alone, in seconds: they read the checkout and need no Cassandra. `npm test` runs them too. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/tidy/*.test.ts'],
    // A rule reads all files once, which takes longer on a busy machine.
    testTimeout: 60_000,
    // One reading of the checkout for all rules.
    isolate: false,
    maxWorkers: 1,
  },
});

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * The tests of the core, which need only this process. `npm run mutation` and `npm run coverage` run them.
 */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: [
      'test/functions/on*/**/*.test.ts',
      'test/functions/createConsumers.test.ts',
      'test/shared/{domain,masking,messaging,operations,protocol,telemetry}/**/*.test.ts',
      // On the in-memory store: there is no Cassandra here.
      'test/integration/operations.test.ts',
      'test/shared/*.test.ts',
      'test/proof/fuzz/found.test.ts',
    ],
    // Ten million bytes through instrumented loops would take minutes.
    exclude: ['test/**/*.slow.test.ts'],
    setupFiles: ['test/support/fixedSeed.ts'],
    // On a busy machine a test may be slow. A test that times out would count as a killed mutant.
    testTimeout: 60_000,
    // Each mutant runs in a new thread, with new modules. The test files of one thread can share them.
    isolate: false,
    maxWorkers: 2,
    env: { METADATA_SERVER_DETECTION: 'none' },
    coverage: {
      provider: 'v8',
      include: [
        'functions/on*/handler.ts',
        'shared/{domain,masking,messaging,protocol}/**',
        'shared/bodyText.ts',
        'shared/telemetry/errorFields.ts',
      ],
      // These files hold only types, so there is nothing to run.
      exclude: ['shared/domain/event.ts'],
      reporter: ['text', 'html'],
      reportsDirectory: '.tally/coverage',
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});

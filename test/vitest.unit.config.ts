import { defineConfig } from 'vitest/config';

/** The tests of the core, which need nothing beside this process: what `npm run mutation` and `npm run coverage` run. */
export default defineConfig({
  test: {
    include: [
      'test/functions/on*/**/*.test.ts',
      'test/shared/{domain,messaging,telemetry}/**/*.test.ts',
      'test/shared/*.test.ts',
      'test/proof/fuzz/found.test.ts',
    ],
    // Ten million bytes through instrumented loops take minutes; what they show is that the time is linear.
    exclude: ['test/shared/messaging/largeBodies.test.ts'],
    setupFiles: ['test/support/fixedSeed.ts'],
    // A busy machine is slow, and a test that ran out of time would count as a mutant killed.
    testTimeout: 60_000,
    // Each run of a mutant is a thread of its own, with modules of its own; within one, a module is loaded once.
    isolate: false,
    maxWorkers: 2,
    env: { METADATA_SERVER_DETECTION: 'none' },
    coverage: {
      provider: 'v8',
      // The handlers are not held to it: the last branch of their `switch` is there for the compiler alone.
      include: ['functions/*/decide.ts', 'shared/domain/**', 'shared/messaging/**'],
      // Types and nothing else: there is nothing to run.
      exclude: ['shared/domain/order.ts'],
      reporter: ['text', 'html'],
      reportsDirectory: '.tally/coverage',
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});

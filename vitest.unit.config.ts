import { defineConfig } from 'vitest/config';

/** The tests of the core, which need nothing beside this process: what `npm run mutation` and `npm run coverage` run. */
export default defineConfig({
  test: {
    include: [
      'test/functions/on*/**/*.test.ts',
      'test/shared/{domain,messaging,telemetry}/**/*.test.ts',
      'test/shared/*.test.ts',
    ],
    // Ten million bytes through instrumented loops take minutes; what they show is that the time is linear.
    exclude: ['test/shared/messaging/largeBodies.test.ts'],
    setupFiles: ['test/support/fixedSeed.ts'],
    maxWorkers: 2,
    env: { METADATA_SERVER_DETECTION: 'none' },
  },
});

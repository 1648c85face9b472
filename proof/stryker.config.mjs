/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'functions/*/decide.ts',
    'functions/on*/handler.ts',
    'shared/domain/**/*.ts',
    'shared/messaging/**/*.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/vitest.unit.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  // No such file: Stryker 10 asks TypeScript for a parser that TypeScript 7 does not have, for any that there is.
  tsconfigFile: 'none.json',
  // The copy that is mutated: without data and what no unit test reads.
  ignorePatterns: ['/.tally', '/bench', '/cdktf', '/dist', '/docs'],
  tempDirName: '.tally/mutation',
  concurrency: 2,
  // Time may decide about endless loops alone: what else a busy machine slows must end before. See docs/mutation-survivors.md.
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: '.tally/mutation.json' },
  htmlReporter: { fileName: '.tally/mutation.html' },
  thresholds: { high: 100, low: 95, break: 95 },
};

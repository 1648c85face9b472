/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'functions/on*/handler.ts',
    'shared/{domain,masking,messaging,protocol}/**/*.ts',
    // What writes, and what decides about it; then what lists and finds.
    'shared/operations/{decide,discard,eraseDeadLetter,eraseOrder,heal,noteAction}.ts',
    'shared/operations/{deadLetterState,planRedrive,redrive,resolve,selectDeadLetters}.ts',
    'shared/operations/{deadLetterFilter,editDeadLetter,findCustomer,findDeadLetters}.ts',
    'shared/operations/{findParked,listDeadLetters,namesCustomer,pacer,runOperation,selectDiscardable}.ts',
    'shared/bodyText.ts',
    'shared/telemetry/errorFields.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/vitest.unit.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  // This file does not exist, on purpose: for a real one, Stryker 10 needs a parser that TypeScript 7 does
  // not have.
  tsconfigFile: 'none.json',
  // The copy that is mutated contains no data, and nothing that no unit test reads.
  ignorePatterns: ['/.tally', '/bench', '/cdktf', '/dist', '/docs'],
  tempDirName: '.tally/mutation',
  concurrency: 2,
  // Only an endless loop may take this long, also on a busy machine. See docs/mutation-survivors.md.
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: '.tally/mutation.json' },
  htmlReporter: { fileName: '.tally/mutation.html' },
  thresholds: { high: 100, low: 95, break: 95 },
};

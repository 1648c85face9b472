import type { Figures, Violation } from './runRange.ts';
import type { SuiteName } from './suites/suites.ts';

interface Run {
  readonly suite: SuiteName;
  readonly seed: number;
  readonly seconds: number;
}

/** The figures for a person, with the command that replays each violation. */
export const formatFigures = (figures: Figures, run: Run): string => {
  const { inputs, malformed, outcomes, violations, heapGrowthBytes } = figures;
  return [
    ...Object.entries(outcomes)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `${name.padEnd(32)}${String(count).padStart(10)}`),
    '',
    ...violations.flatMap((violation) => formatViolation(violation, run)),
    `${inputs} inputs, ${malformed} of them malformed, ${violations.length} violations, ` +
      `${megabytes(heapGrowthBytes)} MB of heap growth at most, ${Math.round(inputs / run.seconds)} inputs/s, ` +
      `${Math.round(run.seconds)} s`,
  ].join('\n');
};

/** The figures as one line of JSON. */
export const toJsonFigures = (figures: Figures, run: Run): string =>
  JSON.stringify({
    ...run,
    ...figures,
    violations: figures.violations.length,
    found: figures.violations.map((violation) => ({ ...violation, replay: replay(violation, run) })),
  });

const formatViolation = (violation: Violation, run: Run): string[] => [
  `VIOLATION: ${violation.what}`,
  `  input      ${violation.how}`,
  `  smallest   ${violation.payload}`,
  `  replay     ${replay(violation, run)}`,
  '',
];

const replay = ({ index }: Violation, { suite, seed }: Run): string =>
  `npm run fuzz -- --suite ${suite} --seed ${seed} --from ${index} --bodies 1`;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

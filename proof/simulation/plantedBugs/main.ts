import { Command, Option } from 'commander';
import { createProgress } from '../../../cli/progress.ts';
import { runCommand } from '../../../cli/runCommand.ts';
import { wholeNumber } from '../../../cli/wholeNumber.ts';
import type { Progress } from '../../../local/progress.ts';
import { type CaughtBug, catchBug, runWithoutBug } from './catchBug.ts';
import { PLANTED_BUGS } from './plantedBugs.ts';

const SEEDS = { default: 1_000, max: 1_000_000 } as const;

interface Options {
  readonly bug?: string;
  readonly seeds: number;
  readonly json: boolean;
}

/**
 * Plants one bug after the other, prints the seed that caught each, and runs the same seeds without a bug.
 */
const run = async ({ bug: only, seeds, json }: Options): Promise<void> => {
  const progress = createProgress(json ? 'json' : 'text');
  const names = only === undefined ? PLANTED_BUGS.map(({ name }) => name) : [only];
  const caught: CaughtBug[] = [];
  for (const [index, name] of names.entries()) {
    progress({ step: 'Planted bugs', done: index, total: names.length, detail: name });
    const bug = await catchBug(name, seeds);
    if (bug !== undefined) caught.push(bug);
  }
  const withoutBug = await judgeSeeds(caught, progress);
  console.log(
    json
      ? JSON.stringify({ bugs: names.length, caught: caught.length, seeds, withoutBug })
      : formatTable(names, caught),
  );
  const { runs, violations } = withoutBug;
  if (!json) console.log(`\nThe same ${runs} seeds without a bug: ${violations} violations.`);
  if (violations > 0)
    throw new Error(`the same seeds break promises without a bug too: ${violations} violations`);
  const missed = names.length - caught.length;
  if (missed > 0) throw new Error(`${missed} of ${names.length} bugs were not caught with ${seeds} seeds`);
};

/** Runs all seeds up to the largest that caught a bug, without a bug. */
const judgeSeeds = async (
  caught: readonly CaughtBug[],
  progress: Progress,
): Promise<{ readonly runs: number; readonly violations: number }> => {
  const total = Math.max(0, ...caught.map(({ seed }) => seed + 1));
  let runs = 0;
  let violations = 0;
  await runWithoutBug(total, (result) => {
    runs += result.runs;
    for (const failure of result.failures) violations += failure.violations.length;
    progress({ step: 'The same seeds without a bug', done: runs, total, detail: `${violations} violations` });
  });
  return { runs, violations };
};

const formatTable = (names: readonly string[], caught: readonly CaughtBug[]): string =>
  [
    '| planted bug | caught by seed | broken | as |',
    '| --- | --- | --- | --- |',
    ...names.map((name) => {
      const bug = caught.find((each) => each.name === name);
      if (bug === undefined) return `| ${name} | NOT CAUGHT | | |`;
      return `| ${name} | ${bug.seed} | ${bug.promise} | ${bug.detail} |`;
    }),
  ].join('\n');

const program = new Command('simulation:bugs')
  .description(
    'Puts one planted bug after the other into the product, and prints the first seed whose simulated run breaks a ' +
      'promise. Then it runs the same seeds without a bug: they must break nothing. Exit code 1: a bug was not ' +
      'caught, or a run without a bug broke a promise.',
  )
  .addOption(new Option('--bug <name>', 'plant this bug only').choices(PLANTED_BUGS.map(({ name }) => name)))
  .option('--seeds <count>', 'how many runs for each bug, at most', wholeNumber(1, SEEDS.max), SEEDS.default)
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

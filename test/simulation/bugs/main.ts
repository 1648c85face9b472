import { Command } from 'commander';
import { createProgress } from '../../../cli/progress.ts';
import { wholeNumber } from '../../../cli/wholeNumber.ts';
import { runCommand } from '../../support/runCommand.ts';
import { type CaughtBug, catchBug } from './catchBug.ts';
import { SEEDED_BUGS } from './seededBugs.ts';

const SEEDS = { default: 1_000, max: 1_000_000 } as const;

interface Options {
  readonly seeds: number;
  readonly json: boolean;
}

/** Plants each bug in turn, prints the seed that caught it, and judges. */
const run = async ({ seeds, json }: Options): Promise<void> => {
  const progress = createProgress(json ? 'json' : 'text');
  const caught: (CaughtBug | { readonly name: string })[] = [];
  for (const [index, { name }] of SEEDED_BUGS.entries()) {
    progress({ step: 'Seeded bugs', done: index, total: SEEDED_BUGS.length, detail: name });
    caught.push((await catchBug(name, seeds)) ?? { name });
  }
  const missed = caught.filter((bug) => !('seed' in bug));
  const rows = caught.map((bug) =>
    'seed' in bug
      ? `| ${bug.name} | ${bug.seed} | ${bug.invariant} | ${bug.detail} |`
      : `| ${bug.name} | NOT CAUGHT | | |`,
  );
  console.log(
    json
      ? JSON.stringify({ bugs: caught.length, caught: caught.length - missed.length, seeds })
      : ['| seeded bug | caught by seed | broken | as |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  );
  if (missed.length > 0)
    throw new Error(`${missed.length} of ${caught.length} bugs were not caught in ${seeds} seeds`);
};

const program = new Command('simulate:bugs')
  .description('Puts each seeded bug into the product and shows the seed of the simulation that catches it.')
  .option('--seeds <count>', 'how many runs each may take', wholeNumber(1, SEEDS.max), SEEDS.default)
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { wholeNumber } from '../../cli/wholeNumber.ts';
import { SEED_MAX } from '../../functions/simulate/random.ts';
import { formatFigures, toJsonFigures } from './formatFigures.ts';
import { runFuzz } from './runFuzz.ts';
import { SUITE_NAMES, type SuiteName } from './suites/suites.ts';

const COUNT_MAX = 1_000_000_000;
const WORKERS_MAX = 64;

interface Options {
  readonly suite: SuiteName;
  readonly bodies: number;
  readonly seed: number;
  readonly from: number;
  readonly workers: number;
  readonly json: boolean;
}

const fuzz = async ({ suite, bodies: count, seed, from, workers, json }: Options): Promise<void> => {
  console.error(`fuzzing ${suite}: seed ${seed}, from ${from}, ${count} inputs, ${workers} threads`);
  const startedAt = performance.now();
  const progress = createProgress(json ? 'json' : 'text');
  const figures = await runFuzz({ suite, count, seed, from, workers, progress });
  const run = { suite, seed, seconds: (performance.now() - startedAt) / 1000 };
  console.log(json ? toJsonFigures(figures, run) : formatFigures(figures, run));
  if (figures.violations.length > 0) throw new Error(`${figures.violations.length} violations`);
};

const program = new Command('fuzz')
  .description(
    'Sends hostile inputs through the product, and judges every answer, table and log line. The same seed and number ' +
      'always give the same input. It prints the command that replays an input which breaks a promise. Exit code 1: ' +
      'an input broke a promise.',
  )
  .addOption(
    new Option(
      '--suite <name>',
      'what the inputs are: message bodies, texts that are logged, or card numbers in any place',
    )
      .choices(SUITE_NAMES)
      .default('bodies'),
  )
  .option('--bodies <count>', 'how many inputs', wholeNumber(1, COUNT_MAX), 20_000)
  .option('--seed <seed>', 'the seed of the inputs', wholeNumber(0, SEED_MAX), 1)
  .option('--from <number>', 'the number of the first input', wholeNumber(0, COUNT_MAX), 0)
  .option(
    '--workers <count>',
    'how many threads',
    wholeNumber(1, WORKERS_MAX),
    Math.min(availableParallelism(), WORKERS_MAX),
  )
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(fuzz);

await runCommand(program);

import { Command } from 'commander';
import { waitForInterrupt } from '../cli/waitForInterrupt.ts';
import { createProgress } from '../cli/progress.ts';
import { runCommand } from '../cli/runCommand.ts';
import { wholeNumber } from '../cli/wholeNumber.ts';
import type { Environment } from '../shared/config.ts';
import { findGoogle, OURS } from './emulators.ts';
import { formatSummary } from './formatSummary.ts';
import { runRounds } from './runRounds.ts';
import { summarize } from './summary.ts';
import { missesOf } from './targets.ts';

const ROUNDS = { default: 3, max: 100 };

interface BenchOptions {
  readonly rounds: number;
  readonly json: boolean;
}

/**
 * Measures the emulators, prints the report and checks the targets.
 * @throws Error when a target is missed or a message was lost.
 */
const bench = async ({ rounds, json }: BenchOptions, env: Environment): Promise<void> => {
  const { orInterrupted } = waitForInterrupt();
  const progress = createProgress(json ? 'json' : 'text');
  const google = await findGoogle(env);
  if ('missing' in google) progress({ step: 'Google’s emulator is not measured', detail: google.missing });
  const kinds = 'found' in google ? [OURS, google.found] : [OURS];
  const results = await orInterrupted(runRounds({ kinds, rounds, progress }));
  const summary = summarize(results, {
    ours: OURS.label,
    google: 'found' in google ? google.found.label : `NOT MEASURED: ${google.missing}`,
  });
  const misses = missesOf(summary);
  console.log(json ? JSON.stringify({ ...summary, misses }) : formatSummary(summary, misses));
  if (misses.length > 0) throw new Error(misses.join('; '));
};

const program = new Command('bench:pubsub')
  .description('Measures our local Pub/Sub and Google’s emulator in turns, and checks our targets.')
  .option(
    '--rounds <count>',
    'how many times each one is measured',
    wholeNumber(1, ROUNDS.max),
    ROUNDS.default,
  )
  .option('--json', 'print one line of JSON, for machines', false)
  .action((options: BenchOptions) => bench(options, process.env));

await runCommand(program);
// After an interrupt, some processes still run. An exit hook ends them.
process.exit();

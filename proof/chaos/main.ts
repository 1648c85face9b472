import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { waitForInterrupt } from '../../cli/interrupt.ts';
import { STATE_FOLDER } from '../../cli/paths.ts';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { wholeNumber } from '../../cli/wholeNumber.ts';
import { SEED_MAX } from '../../functions/simulate/random.ts';
import type { Environment } from '../../shared/config.ts';
import { findLacking } from './findLacking.ts';
import { faultsFound, formatFindings, toJsonLine } from './findings.ts';
import { formatSchedule, planSchedule } from './schedule.ts';

const MINUTES = { min: 0.5, max: 720, default: 3 };

/** This machine cannot run it. */
class LackingError extends Error {
  override readonly name = 'LackingError';
}

interface MainOptions {
  readonly minutes: number;
  readonly seed: number | undefined;
  readonly json: boolean;
}

const minutesOption = (text: string): number => {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value >= MINUTES.min && value <= MINUTES.max) return value;
  throw new InvalidArgumentError(`Expected a number from ${MINUTES.min} to ${MINUTES.max}.`);
};

/** @throws Error when something is lost or broken, LackingError when this machine lacks a part. */
const main = async ({ minutes, json, ...options }: MainOptions, env: Environment): Promise<void> => {
  const lacking = await findLacking(env, STATE_FOLDER);
  if (lacking.length > 0) throw new LackingError(`this machine cannot run it: ${lacking.join('; ')}`);
  const { orInterrupted } = waitForInterrupt();
  const seed = options.seed ?? randomInt(SEED_MAX + 1);
  const schedule = planSchedule({ seed, minutes });
  console.error(`seed ${seed}, ${minutes} minutes; the schedule:\n${formatSchedule(schedule)}`);
  const folder = await mkdtemp(join(tmpdir(), 'tally-chaos-'));
  // After the hook that ends what was started, which would else write into it.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const progress = createProgress(json ? 'json' : 'text');
  // Only now: help and refusals need none of it.
  const { chaos } = await import('./chaos.ts');
  const findings = await orInterrupted(chaos({ seed, minutes, folder, env, progress }));
  console.log(json ? toJsonLine(findings) : formatFindings(findings));
  const wrong = faultsFound(findings);
  if (wrong.length > 0) throw new Error(`${wrong.length} faults; the first: ${wrong[0]}`);
};

const program = new Command('chaos')
  .description(
    'Runs traffic through three Cassandra nodes, a faulty Pub/Sub and the four functions while a seeded schedule kills and ' +
      'freezes them, then looks for every message that was accepted. Exits 1 on a loss or a violation, 2 where Java 17, ' +
      'Maven or the addresses 127.0.0.1 to 127.0.0.3 are missing.',
  )
  .option('--minutes <number>', `how long, ${MINUTES.min} to ${MINUTES.max}`, minutesOption, MINUTES.default)
  .option(
    '--seed <number>',
    'the same seed, the same schedule and messages (default: a random one, printed)',
    wholeNumber(0, SEED_MAX),
  )
  .option('--json', 'print one line of JSON at the end, for machines', false)
  .action((options: MainOptions) => main(options, process.env));

await runCommand(program, (error) => error instanceof LackingError);
// What was started and not stopped, by an interrupt for one, is ended by an exit hook.
process.exit();

import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { waitForInterrupt } from '../../cli/waitForInterrupt.ts';
import { STATE_FOLDER } from '../../cli/paths.ts';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { wholeNumber } from '../../cli/wholeNumber.ts';
import { SEED_MAX } from '../../functions/simulate/random.ts';
import { CONSUME_KINDS, type ConsumeKind } from '../../local/consumeKinds.ts';
import { openTemporaryFolder } from '../../local/openTemporaryFolder.ts';
import type { Environment } from '../../shared/config.ts';
import { findLacking } from './findLacking.ts';
import { faultsFound, formatFindings, toJsonLine } from './findings.ts';
import { consumeOf, formatSchedule, planSchedule } from './schedule.ts';

const MINUTES = { min: 0.5, max: 720, default: 3 };

/** This machine cannot run it. */
class LackingError extends Error {
  override readonly name = 'LackingError';
}

interface MainOptions {
  readonly minutes: number;
  readonly seed: number | undefined;
  readonly consume?: ConsumeKind | undefined;
  readonly json: boolean;
}

const minutesOption = (text: string): number => {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value >= MINUTES.min && value <= MINUTES.max) return value;
  throw new InvalidArgumentError(`Expected a number from ${MINUTES.min} to ${MINUTES.max}.`);
};

/**
 * @throws Error when a message is lost or a promise is broken; LackingError when this machine lacks a part.
 */
const main = async ({ minutes, json, ...options }: MainOptions, env: Environment): Promise<void> => {
  const lacking = await findLacking(env, STATE_FOLDER);
  if (lacking.length > 0) throw new LackingError(`this machine cannot run it: ${lacking.join('; ')}`);
  const { orInterrupted } = waitForInterrupt();
  const seed = options.seed ?? randomInt(SEED_MAX + 1);
  const { consume = consumeOf(seed) } = options;
  const schedule = planSchedule({ seed, minutes, consume });
  console.error(
    `seed ${seed}, ${minutes} minutes, --consume ${consume}; the schedule:\n${formatSchedule(schedule)}`,
  );
  const { path: folder } = openTemporaryFolder('chaos');
  const progress = createProgress(json ? 'json' : 'text');
  // The import is here because help and refusals do not need it.
  const { chaos } = await import('./chaos.ts');
  const findings = await orInterrupted(chaos({ seed, minutes, consume, folder, env, progress }));
  console.log(json ? toJsonLine(findings) : formatFindings(findings));
  const wrong = faultsFound(findings);
  if (wrong.length > 0) throw new Error(`${wrong.length} faults; the first: ${wrong[0]}`);
};

const program = new Command('chaos')
  .description(
    'Sends traffic through three Cassandra nodes, a faulty Pub/Sub and the four functions, or the worker in place of ' +
      'three of them. A schedule, drawn from the seed, kills and freezes nodes, functions and the worker. At the end ' +
      'it looks for every message that Pub/Sub accepted. Exit code 1: a message was lost or a promise was broken. ' +
      'Exit code 2: Java 17, Maven or one of the addresses 127.0.0.1 to 127.0.0.3 is missing.',
  )
  .option(
    '--minutes <number>',
    `how long the traffic lasts, ${MINUTES.min} to ${MINUTES.max}`,
    minutesOption,
    MINUTES.default,
  )
  .option(
    '--seed <number>',
    'the same seed gives the same schedule and messages (default: a random one, which is printed)',
    wholeNumber(0, SEED_MAX),
  )
  .addOption(
    new Option(
      '--consume <how>',
      'push: the functions consume; pull: the worker does (default: push with an even seed, pull with an odd one)',
    ).choices(CONSUME_KINDS),
  )
  .option('--json', 'end with one line of JSON, for machines', false)
  .action((options: MainOptions) => main(options, process.env));

await runCommand(program, (error) => error instanceof LackingError);
// An exit hook ends the processes that an interrupt has left.
process.exit();

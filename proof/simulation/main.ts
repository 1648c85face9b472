import { Command, InvalidArgumentError, Option } from 'commander';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { wholeNumber } from '../../cli/wholeNumber.ts';
import { SEED_MAX } from '../../functions/simulate/random.ts';
import { PLANTED_BUGS } from './plantedBugs/plantedBugs.ts';
import { countStrikes, FAULT_KINDS, type FaultKind } from './faults.ts';
import { runPool } from './runPool.ts';
import { replay, replayCommand } from './replay.ts';
import type { Violation } from './violation.ts';

const SEEDS_DEFAULT = 1_000;
const THREADS_MAX = 64;
const MINUTES_MAX = 24 * 60;
/** At most so many failing seeds are printed. All of them are counted. */
const FAILURES_TOLD = 5;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly minutes?: number;
  readonly threads?: number;
  readonly seed?: number;
  readonly messages?: readonly number[];
  readonly faults: readonly FaultKind[];
  readonly trace: boolean;
  readonly bug?: string;
  readonly json: boolean;
}

const indexes = (text: string): readonly number[] => text.split(',').map(wholeNumber(0, 999));

const faultKinds = (text: string): readonly FaultKind[] => {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind === undefined)
      throw new InvalidArgumentError(`Expected "none", or a list of ${FAULT_KINDS.join(', ')}.`);
    return kind;
  });
};

/** The options that have no meaning for a single run. */
const OF_MANY_RUNS = ['seeds', 'from', 'minutes', 'threads'] as const;

const run = async (options: Options, command: Command): Promise<void> => {
  const { seeds, from, minutes, threads, faults, bug, json } = options;
  if (options.seed !== undefined) {
    const given = OF_MANY_RUNS.filter((name) => command.getOptionValueSource(name) === 'cli');
    if (given.length > 0)
      throw new InvalidArgumentError(`--seed makes one run only. Leave out --${given.join(', --')}.`);
    return replay({ ...options, seed: options.seed });
  }
  if (options.trace || options.messages !== undefined) {
    throw new InvalidArgumentError('--trace and --messages need --seed, because they are about one run.');
  }
  if (from + seeds - 1 > SEED_MAX) {
    throw new InvalidArgumentError(`The last seed would be above ${SEED_MAX}.`);
  }
  const progress = createProgress(json ? 'json' : 'text');
  const startedAt = performance.now();
  const total = { runs: 0, messages: 0, deliveries: 0, faults: 0, violations: 0 };
  const failing: { readonly seed: number; readonly first: Violation | undefined }[] = [];
  await runPool({
    task: { faults, bug, stopsAtFirst: false },
    from,
    count: seeds,
    timeLimitMs: minutes === undefined ? undefined : minutes * 60_000,
    threads,
    onResult: (result) => {
      total.runs += result.runs;
      total.messages += result.planned;
      total.deliveries += result.deliveries;
      total.faults += countStrikes(result.faults);
      for (const { seed, violations } of result.failures) {
        total.violations += violations.length;
        failing.push({ seed, first: violations[0] });
      }
      progress({
        step: 'Simulated runs',
        done: total.runs,
        total: seeds,
        detail: `${failing.length} broke a promise`,
      });
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { seed, first } of failing.toSorted((a, b) => a.seed - b.seed).slice(0, FAILURES_TOLD)) {
    console.error(`${first?.promise}: ${first?.detail}\n  ${replayCommand({ seed, faults, bug })}`);
  }
  const summary = { seeds, ...total, runsPerSecond: Math.round(total.runs / seconds) };
  console.log(json ? JSON.stringify(summary) : formatSummary(summary));
  if (failing.length > 0) process.exitCode = 1;
};

const formatSummary = (summary: Readonly<Record<string, number>>): string =>
  Object.entries(summary)
    .map(([name, value]) => `${name.padEnd(14)}${String(value).padStart(14)}`)
    .join('\n');

const program = new Command('simulation')
  .description(
    'Runs the real functions in a simulated world with faults, once for each seed, and checks the promises I1 to I8. ' +
      'It prints the command that replays a run which breaks one. Exit code 1: a run broke a promise.',
  )
  .option('--seeds <count>', 'how many runs', wholeNumber(1, SEED_MAX), SEEDS_DEFAULT)
  .option('--from <seed>', 'the first seed', wholeNumber(0, SEED_MAX), 0)
  .option('--minutes <count>', 'begin no run after so many minutes', wholeNumber(1, MINUTES_MAX))
  .option('--threads <count>', 'how many threads (default: one for each core)', wholeNumber(1, THREADS_MAX))
  .option(
    '--seed <seed>',
    'replay this run only; if it breaks a promise, shrink it',
    wholeNumber(0, SEED_MAX),
  )
  .option('--trace', 'with --seed: print every step of the run', false)
  .option('--messages <indexes>', 'with --seed: send only these of its messages, for example 0,3,7', indexes)
  .addOption(
    new Option(
      '--faults <kinds>',
      `allow only these kinds of faults, or none; the kinds are ${FAULT_KINDS.join(', ')}`,
    )
      .argParser(faultKinds)
      .default(FAULT_KINDS, 'all of them'),
  )
  .addOption(
    new Option('--bug <name>', 'put a planted bug into the product first').choices(
      PLANTED_BUGS.map(({ name }) => name),
    ),
  )
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

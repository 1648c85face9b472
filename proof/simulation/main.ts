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
/** Failing seeds that are told in full; their number is never cut. */
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
      throw new InvalidArgumentError(`Expected "none", or some of ${FAULT_KINDS.join(', ')}.`);
    return kind;
  });
};

/** What says nothing about a single run. */
const OF_MANY_RUNS = ['seeds', 'from', 'minutes', 'threads'] as const;

const run = async (options: Options, command: Command): Promise<void> => {
  const { seeds, from, minutes, threads, faults, bug, json } = options;
  if (options.seed !== undefined) {
    const given = OF_MANY_RUNS.filter((name) => command.getOptionValueSource(name) === 'cli');
    if (given.length > 0)
      throw new InvalidArgumentError(`--seed is one run: it takes no --${given.join(', --')}.`);
    return replay({ ...options, seed: options.seed });
  }
  if (options.trace || options.messages !== undefined) {
    throw new InvalidArgumentError('--trace and --messages are for a single run: name its --seed.');
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
    console.error(`${first?.invariant}: ${first?.detail}\n  ${replayCommand({ seed, faults, bug })}`);
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
    'Runs the real functions in a simulated world that fails, from seeds, and holds them to their promises.',
  )
  .option('--seeds <count>', 'how many runs', wholeNumber(1, SEED_MAX), SEEDS_DEFAULT)
  .option('--from <seed>', 'the first seed', wholeNumber(0, SEED_MAX), 0)
  .option('--minutes <count>', 'begin no more runs after so long', wholeNumber(1, MINUTES_MAX))
  .option('--threads <count>', 'default: one a core', wholeNumber(1, THREADS_MAX))
  .option('--seed <seed>', 'replay one run', wholeNumber(0, SEED_MAX))
  .option('--trace', 'with --seed: print everything that happens', false)
  .option('--messages <indexes>', 'with --seed: send these of its messages only, as 0,3,7', indexes)
  .option('--faults <kinds>', 'allow these faults only, as crash,lost-ack, or none', faultKinds, FAULT_KINDS)
  .addOption(
    new Option('--bug <name>', 'put a planted bug into the product first').choices(
      PLANTED_BUGS.map(({ name }) => name),
    ),
  )
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

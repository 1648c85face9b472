import { join } from 'node:path';
import { Command } from 'commander';
import { waitForInterrupt } from '../cli/waitForInterrupt.ts';
import { createProgress } from '../cli/progress.ts';
import { PROJECT_FOLDER } from '../cli/paths.ts';
import { runCommand } from '../cli/runCommand.ts';
import { UnableError } from '../cli/unableError.ts';
import { wholeNumber } from '../cli/wholeNumber.ts';
import { openTemporaryFolder } from '../local/openTemporaryFolder.ts';
import type { Progress } from '../local/progress.ts';
import { DEPLOYED_FUNCTIONS, type DeployedFunction } from '../shared/topology.ts';
import { type Installed, install, start, START_ENV } from './deployedFunction.ts';
import { type Spread, spreadOf } from './statistics.ts';

const ROUNDS = { default: 5, max: 100 };

interface StartTimes {
  readonly function: DeployedFunction;
  readonly archiveBytes: number;
  /** Milliseconds from the start of the process to its first answer. */
  readonly bundledMs: Spread;
  readonly unbundledMs: Spread;
}

interface Options {
  readonly rounds: number;
  readonly json: boolean;
}

/**
 * Starts each function from its bundle and from its sources, by turns, and prints how long each takes to
 * answer.
 */
const bench = async ({ rounds, json }: Options): Promise<void> => {
  const { orInterrupted } = waitForInterrupt();
  const progress = createProgress(json ? 'json' : 'text');
  const folder = openTemporaryFolder('starts');
  try {
    const times: StartTimes[] = [];
    for (const name of DEPLOYED_FUNCTIONS) {
      progress({ step: `Starting ${name}`, detail: 'by turns, from its bundle and from its sources' });
      const installed = await orInterrupted(install(name, join(folder.path, name)));
      times.push(await orInterrupted(measure(name, installed, rounds, progress)));
    }
    console.log(json ? JSON.stringify(times) : times.map(format).join('\n'));
  } finally {
    folder.remove();
  }
};

const measure = async (
  name: DeployedFunction,
  { folder, archiveBytes }: Installed,
  rounds: number,
  progress: Progress,
): Promise<StartTimes> => {
  const bundled: number[] = [];
  const unbundled: number[] = [];
  const firstAnswerMs = async (source: string): Promise<number> => {
    const started = await start(name, { folder, source, env: START_ENV, recordsModules: false });
    await started.stop();
    return started.firstAnswerMs;
  };
  for (let round = 0; round < rounds; round += 1) {
    bundled.push(await firstAnswerMs('.'));
    unbundled.push(await firstAnswerMs(join(PROJECT_FOLDER, 'functions', name)));
    progress({ step: `Starting ${name}`, done: round + 1, total: rounds });
  }
  return { function: name, archiveBytes, bundledMs: spreadOf(bundled), unbundledMs: spreadOf(unbundled) };
};

const format = ({ function: name, archiveBytes, bundledMs, unbundledMs }: StartTimes): string =>
  `${name.padEnd(10)} ${Math.round(archiveBytes / 1024)} kB, first answer after ` +
  `${Math.round(bundledMs.median)} ms (from its sources ${Math.round(unbundledMs.median)} ms)`;

const program = new Command('bench:starts')
  .description(
    'Measures how soon each function answers after its start, from its bundle and from its sources.',
  )
  .option('--rounds <count>', 'how often each is started', wholeNumber(1, ROUNDS.max), ROUNDS.default)
  .option('--json', 'print one line of JSON, for machines', false)
  .action((options: Options) => bench(options));

await runCommand(program, (error) => error instanceof UnableError);
// What was started and not stopped, by an interrupt for one, is ended by an exit hook.
process.exit();

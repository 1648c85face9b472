import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { couldNotBegin } from '../cli/couldNotBegin.ts';
import { createProgress } from '../cli/progress.ts';
import { runCommand } from '../cli/runCommand.ts';
import { UnableError } from '../cli/unableError.ts';
import { UndecidedError } from '../cli/undecidedError.ts';
import { waitForInterrupt } from '../cli/waitForInterrupt.ts';
import { wholeNumber } from '../cli/wholeNumber.ts';
import { chooseParts, PARTS, type PartName } from './chooseParts.ts';
import { keepResults } from './keepResults.ts';
import { cpuMsOf } from './measure/cpuMsOf.ts';
import { BENCH_LOG_FOLDER } from './emulators.ts';
import { installStarts } from './parts/starts.ts';
import { type Circumstances, formatPage, formatReport } from './report/formatReport.ts';
import { isVoid } from './report/result.ts';
import { writePage } from './report/writePage.ts';
import { runParts } from './runParts.ts';
import { FULL, QUICK } from './sizes.ts';
import { openStand } from './stand/stand.ts';

const ROUNDS_MAX = 100;

interface Options {
  readonly quick: boolean;
  readonly rounds?: number;
  readonly only?: readonly PartName[];
  readonly write: boolean;
  readonly json: boolean;
}

/**
 * Runs the parts of the bench on one stand, and prints what they found. When a part fails, it prints what
 * those before it found.
 * @throws UnableError when something that they need is missing; Error when a part fails or a target is
 * missed; UndecidedError when a control says that the timings mean nothing.
 */
const bench = async (options: Options): Promise<void> => {
  const { quick, rounds, only, write, json } = options;
  const { orInterrupted } = waitForInterrupt();
  const progress = createProgress(json ? 'json' : 'text');
  await cpuMsOf(process.pid).catch(couldNotBegin);
  await mkdir(BENCH_LOG_FOLDER, { recursive: true });
  const startedAt = new Date();
  const loadBefore = loadavg()[0] ?? 0;
  const parts = chooseParts(only, quick);
  // First: when its turn comes, much has been measured, and the registry may not answer.
  const installed = parts.has('starts') ? await orInterrupted(installStarts(progress)) : undefined;
  const stand = await orInterrupted(openStand('cluster', progress).catch(couldNotBegin));
  try {
    const usual = quick ? QUICK : FULL;
    const sizes = { ...usual, rounds: rounds ?? usual.rounds };
    const { result, failure } = await keepResults((onResult) =>
      orInterrupted(
        Promise.race([
          runParts(parts, { stand, sizes, isQuick: quick, installed, progress, onResult }),
          stand.died,
        ]),
      ),
    );
    if (failure !== undefined && result.sections.length === 0) throw failure;
    const isNothing = isVoid(result.controls);
    const circumstances: Circumstances = {
      isVoid: isNothing,
      lines: [
        `\`${commandOf(options)}\` at ${startedAt.toISOString().slice(0, 16)}Z, commit ${await commit()}, ${sizes.rounds} rounds`,
        machine(),
        `Load average before the run: ${loadBefore.toFixed(1)}, at its end, with its own work: ${(loadavg()[0] ?? 0).toFixed(1)}`,
        stand.cassandra,
      ],
    };
    const line = JSON.stringify({
      complete: failure === undefined,
      void: isNothing,
      targets: result.targets,
    });
    console.log(json ? line : formatReport(result, circumstances));
    if (failure !== undefined) throw failure;
    if (write) await writePage(formatPage(result, circumstances));
    if (isNothing)
      throw new UndecidedError('a control strayed from 1 by more than 10%: run it on a quieter machine');
    const missed = result.targets.filter(({ met }) => !met).map(({ name }) => name);
    if (missed.length > 0) throw new Error(`targets that were missed: ${missed.join('; ')}`);
  } finally {
    await stand.stop();
  }
};

/** `npm run bench -- --quick --rounds 3 --only nodes` */
const commandOf = ({ quick, rounds, only = [] }: Options): string => {
  const args = [
    ...(quick ? ['--quick'] : []),
    ...(rounds === undefined ? [] : ['--rounds', rounds]),
    ...(only.length === 0 ? [] : ['--only', ...only]),
  ];
  return ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ');
};

const machine = (): string => {
  const all = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${all.length} cores (${all[0]?.model ?? 'unknown'}), ${gib} GiB, ${type()} ${release().split('-')[0]}, Node ${process.versions.node}`;
};

const commit = async (): Promise<string> => {
  const git = promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname });
  return git.then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
};

const program = new Command('bench')
  .description(
    'Measures the whole of Tally beside the reference and the bare parts, by turns. It needs Linux and Java 17; ' +
      'starts also needs npm, and its registry or what its cache has of it. Exit code 1: a target is missed or ' +
      'a part failed, 2: something that it needs is missing, 3: a control says that the timings mean nothing.',
  )
  .option('--quick', 'small numbers, in about three minutes', false)
  .option(
    '--rounds <count>',
    `how often everything has its turn (default: ${FULL.rounds}, quick ${QUICK.rounds})`,
    wholeNumber(1, ROUNDS_MAX),
  )
  .addOption(new Option('--only <parts...>', 'only these parts').choices(PARTS))
  .option('--write', 'put the tables into docs/performance.md', false)
  .option('--json', 'print one line of JSON, for machines', false)
  .action((options: Options) => bench(options));

await runCommand(program, (error) => error instanceof UnableError);
// After an interrupt, some processes still run. An exit hook ends them.
process.exit();

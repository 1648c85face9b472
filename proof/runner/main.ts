import { Command, Option } from 'commander';
import { InterruptedError, waitForInterrupt } from '../../cli/waitForInterrupt.ts';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { PARTS } from './parts.ts';
import { type PartResult, runPart } from './runPart.ts';

interface Options {
  readonly only?: string;
  readonly json: boolean;
}

/**
 * Runs every part, also after one that failed, and prints what each showed. A signal stops the present part.
 */
const run = async ({ only, json }: Options): Promise<void> => {
  const progress = createProgress(json ? 'json' : 'text');
  const parts = only === undefined ? PARTS : PARTS.filter(({ name }) => name === only);
  const results: PartResult[] = [];
  const stop = new AbortController();
  void waitForInterrupt().interrupted.then((signal) => {
    progress({ step: `Stopping on ${signal}`, detail: parts[results.length]?.name ?? 'nothing runs' });
    stop.abort(signal);
  });
  for (const [index, part] of parts.entries()) {
    if (stop.signal.aborted) break;
    progress({ step: 'Proof', done: index, total: parts.length, detail: part.name });
    results.push(await runPart(part, stop.signal));
  }
  console.log(json ? JSON.stringify({ parts: results }) : results.map(toLine).join('\n'));
  const notShown = parts.filter(({ name }) => !results.some((part) => part.name === name && part.isShown));
  const names = notShown.map(({ name }) => name).join(', ');
  if (notShown.length === 0) return;
  if (stop.signal.aborted)
    throw new InterruptedError(`interrupted by ${stop.signal.reason}; not shown: ${names}`);
  throw new Error(`not shown: ${names}`);
};

const toLine = ({ name, isShown, seconds, figures }: PartResult): string => {
  const words = typeof figures === 'string' ? figures : JSON.stringify(figures);
  return `${isShown ? 'shown ' : 'FAILED'}  ${name.padEnd(16)}${String(seconds).padStart(6)} s  ${words}`;
};

const program = new Command('proof')
  .description(
    'Runs every proof at full length, one after the other: coverage, simulation:worlds, simulation:bugs, simulation, ' +
      'fuzz and mutation. This takes hours on two cores. A signal stops the part that runs. npm run chaos is not ' +
      'among them, because it needs Java 17 and the whole machine.',
  )
  .addOption(new Option('--only <part>', 'run this part only').choices(PARTS.map(({ name }) => name)))
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

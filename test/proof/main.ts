import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../support/runCommand.ts';

/** A part of the proof: a command of the project, which ends with one line of JSON where it has figures to tell. */
interface Part {
  readonly name: string;
  readonly args: readonly string[];
}

const PARTS: readonly Part[] = [
  { name: 'coverage', args: ['run', '--silent', 'coverage'] },
  { name: 'small worlds', args: ['run', '--silent', 'simulate:worlds', '--', '--json'] },
  { name: 'seeded bugs', args: ['run', '--silent', 'simulate:bugs', '--', '--json'] },
  { name: 'simulation', args: ['run', '--silent', 'simulate:faults', '--', '--seeds', '1000000', '--json'] },
  // One body in ten is well-formed: so many hold a million malformed ones.
  { name: 'hostile bodies', args: ['run', '--silent', 'fuzz', '--', '--bodies', '1110000', '--json'] },
  {
    name: 'hostile lines',
    args: ['run', '--silent', 'fuzz', '--', '--suite', 'lines', '--bodies', '100000', '--json'],
  },
  {
    name: 'planted cards',
    args: ['run', '--silent', 'fuzz', '--', '--suite', 'cards', '--bodies', '100000', '--json'],
  },
  { name: 'mutation', args: ['run', '--silent', 'mutation'] },
];

interface PartResult {
  readonly name: string;
  readonly isShown: boolean;
  readonly seconds: number;
  /** The last line that it printed. */
  readonly figures: string;
}

const runPart = async ({ name, args }: Part): Promise<PartResult> => {
  const startedAt = performance.now();
  const child = spawn('npm', [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return { name, isShown: code === 0, seconds, figures: output.trim().split('\n').at(-1) ?? '' };
};

/** Runs every part, whatever became of the one before it, and says what each showed. */
const run = async ({ json }: { readonly json: boolean }): Promise<void> => {
  const progress = createProgress(json ? 'json' : 'text');
  const results: PartResult[] = [];
  for (const [index, part] of PARTS.entries()) {
    progress({ step: 'Proof', done: index, total: PARTS.length, detail: part.name });
    results.push(await runPart(part));
  }
  const lines = results.map(
    ({ name, isShown, seconds, figures }) =>
      `${isShown ? 'shown ' : 'FAILED'}  ${name.padEnd(16)}${String(seconds).padStart(6)} s  ${figures}`,
  );
  console.log(json ? JSON.stringify({ parts: results }) : lines.join('\n'));
  const failed = results.filter(({ isShown }) => !isShown).map(({ name }) => name);
  if (failed.length > 0) throw new Error(`not shown: ${failed.join(', ')}`);
};

const program = new Command('proof')
  .description(
    'Everything that takes longer than a test may: hours, on two cores. Chaos on real parts is npm run chaos.',
  )
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

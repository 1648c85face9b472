import { Command, Option } from 'commander';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { plantBug } from '../simulation/plantedBugs/plantBug.ts';
import { PLANTED_BUGS } from '../simulation/plantedBugs/plantedBugs.ts';
import { SMALL_WORLD_NAMES, type SmallWorldName } from './smallWorldNames.ts';

const DELIVERIES_MAX = 6;

interface Options {
  readonly world?: SmallWorldName;
  /** 0 or 1. */
  readonly faults?: string;
  readonly bug?: string;
  readonly first: boolean;
  readonly json: boolean;
}

interface Row {
  readonly world: string;
  readonly faults: number;
  readonly states: number;
  readonly isWhole: boolean;
  readonly seconds: number;
  readonly violations: number;
}

const run = async ({ world: only, faults: most, bug, first, json }: Options): Promise<void> => {
  if (bug !== undefined) plantBug(bug);
  // The imports are here because the bug must be planted before the product is loaded.
  const { search } = await import('./search.ts');
  const { permute } = await import('./permute.ts');
  const { createSmallWorld, SMALL_WORLDS } = await import('./smallWorld.ts');
  const progress = createProgress(json ? 'json' : 'text');
  const rows: Row[] = [];
  const sequences: { world: string; sequences: number; violations: number }[] = [];
  const broken: string[] = [];
  for (const world of only === undefined ? SMALL_WORLD_NAMES : [only]) {
    const bodies = SMALL_WORLDS[world];
    for (const faults of most === undefined ? [0, 1] : [Number(most)]) {
      const startedAt = performance.now();
      const onProgress = (states?: number): void =>
        progress({
          step: 'Small worlds',
          detail: `${world}, at most ${faults} faults${states === undefined ? '' : `: ${states} states`}`,
        });
      onProgress();
      const { states, isWhole, violations } = await search(createSmallWorld(bodies), {
        faults,
        stopsAtFirst: first,
        onProgress,
      });
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      rows.push({ world, faults, states, isWhole, seconds, violations: violations.length });
      for (const { problem, path } of violations) {
        broken.push([`${world}, at most ${faults} faults: ${problem}`, ...path].join('\n  '));
      }
    }
    if (first && broken.length > 0) break;
    progress({ step: 'Small worlds', detail: `${world}, in every order of ${DELIVERIES_MAX} deliveries` });
    const all = await permute(createSmallWorld(bodies), DELIVERIES_MAX);
    sequences.push({ world, sequences: all.sequences, violations: all.violations.length });
    broken.push(...all.violations.map((violation) => `${world}, one delivery after the other: ${violation}`));
  }
  for (const violation of broken) console.error(violation);
  if (broken.length > 0 && only === undefined)
    console.error('To search one world only: npm run simulation:worlds -- --world "<name>"');
  console.log(json ? JSON.stringify({ worlds: rows, sequences }) : formatTables(rows, sequences));
  if (broken.length > 0) throw new Error(`${broken.length} violations`);
};

const formatTables = (
  rows: readonly Row[],
  sequences: readonly { world: string; sequences: number; violations: number }[],
): string =>
  [
    '| small world | faults | states | seconds | violations |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ world, faults, states, isWhole, seconds, violations }) =>
        `| ${world} | at most ${faults} | ${isWhole ? '' : 'the first '}${states} | ${seconds} | ${violations} |`,
    ),
    ...sequences.map(
      ({ world, sequences: count, violations }) =>
        `| ${world} | up to ${DELIVERIES_MAX} deliveries, one after the other | ${count} sequences | | ${violations} |`,
    ),
  ].join('\n');

const program = new Command('simulation:worlds')
  .description(
    'Searches every interleaving of two or three messages with the real functions, one step of one replica at a time, ' +
      'and checks the promises in every state. Interleavings that no handler can tell apart are explored once. It ' +
      'prints the shortest path to each violation. Exit code 1: a promise is broken in a state.',
  )
  .addOption(new Option('--world <name>', 'search this one only').choices(SMALL_WORLD_NAMES))
  .addOption(
    new Option('--faults <count>', 'the number of faults, at most (default: 0, and then 1)').choices([
      '0',
      '1',
    ]),
  )
  .addOption(
    new Option('--bug <name>', 'put a planted bug into the product first').choices(
      PLANTED_BUGS.map(({ name }) => name),
    ),
  )
  .option('--first', 'end at the first violation', false)
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

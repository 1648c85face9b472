import { Command, Option } from 'commander';
import { createProgress } from '../../cli/progress.ts';
import { runCommand } from '../../cli/runCommand.ts';
import { plantBug } from '../simulation/plantedBugs/plantBug.ts';
import { PLANTED_BUGS } from '../simulation/plantedBugs/plantedBugs.ts';
import { BROKEN_HANDLERS } from './brokenHandlers.ts';
import { SMALL_WORLD_NAMES, SMALL_WORLDS, type SmallWorldName } from './smallWorlds.ts';

const DELIVERIES_MAX = 6;
const BUGS = [...BROKEN_HANDLERS, ...PLANTED_BUGS];

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
  readonly tellers: { readonly least: number; readonly most: number };
  readonly seconds: number;
  readonly violations: number;
}

const run = async ({ world: only, faults: most, bug, first, json }: Options): Promise<void> => {
  if (bug !== undefined) plantBug(bug, BUGS);
  // The imports are here because the bug must be planted before the product is loaded.
  const { search } = await import('./search.ts');
  const { permute } = await import('./permute.ts');
  const { createSmallWorld } = await import('./smallWorld.ts');
  const progress = createProgress(json ? 'json' : 'text');
  const rows: Row[] = [];
  const sequences: { world: string; sequences: number; violations: number }[] = [];
  const broken: string[] = [];
  for (const world of only === undefined ? SMALL_WORLD_NAMES : [only]) {
    const spec = SMALL_WORLDS[world];
    // All searches of a world share it, so that their ends are compared with each other (I4).
    const small = createSmallWorld(spec);
    for (const faults of most === undefined ? (spec.faultsMax === 0 ? [0] : [0, 1]) : [Number(most)]) {
      const startedAt = performance.now();
      const onProgress = (states?: number): void =>
        progress({
          step: 'Small worlds',
          detail: `${world}, at most ${faults} faults${states === undefined ? '' : `: ${states} states`}`,
        });
      onProgress();
      const { states, isWhole, tellers, violations } = await search(small, {
        faults,
        stopsAtFirst: first,
        onProgress,
      });
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      rows.push({ world, faults, states, isWhole, tellers, seconds, violations: violations.length });
      for (const { problem, path } of violations) {
        broken.push([`${world}, at most ${faults} faults: ${problem}`, ...path].join('\n  '));
      }
    }
    if (first && broken.length > 0) break;
    progress({ step: 'Small worlds', detail: `${world}, in every order of ${DELIVERIES_MAX} deliveries` });
    const all = await permute(small, DELIVERIES_MAX);
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
    '| small world | faults | states | told by | seconds | violations |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ world, faults, states, isWhole, tellers, seconds, violations }) =>
        `| ${world} | at most ${faults} | ${isWhole ? '' : 'the first '}${states} | ${formatTellers(tellers)} | ${seconds} | ${violations} |`,
    ),
    ...sequences.map(
      ({ world, sequences: count, violations }) =>
        `| ${world} | up to ${DELIVERIES_MAX} deliveries, one after the other | ${count} sequences | | | ${violations} |`,
    ),
  ].join('\n');

/** How many messages tell the finding of a world; empty when it has none. */
const formatTellers = ({ least, most }: Row['tellers']): string =>
  most === 0 ? '' : least === most ? `${most}` : `${least} to ${most}`;

const program = new Command('simulation:worlds')
  .description(
    'Searches every interleaving of two to four messages with the real functions, one step of one replica at a time, ' +
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
      BUGS.map(({ name }) => name),
    ),
  )
  .option('--first', 'end at the first violation', false)
  .option('--json', 'end with one line of JSON, for machines', false)
  .action(run);

await runCommand(program);

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { bundleModules } from './bundleModules.ts';
import { type Program, PROGRAMS, PROJECT_FOLDER } from './paths.ts';
import type { FileToPack } from './zip.ts';

/**
 * Bundles a program for a machine that has only Node. The program is one file, because each file is a request
 * to the bucket that it is read from. The migrations are beside the commands, where `tally migrate` reads
 * them.
 * @throws Error when esbuild fails.
 */
export const bundleProgram = async (name: Program): Promise<FileToPack[]> => [
  ...(await bundleModules({ entryPoint: PROGRAMS[name], splitting: false })),
  ...(name === 'commands' ? await migrations() : []),
];

const migrations = (): Promise<FileToPack[]> =>
  Promise.all(
    MIGRATIONS.map(async (name) => ({
      name: join('cql', name),
      bytes: await readFile(join(PROJECT_FOLDER, 'shared/store/cql', name)),
    })),
  );

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { bundleModules } from './bundleModules.ts';
import { PROJECT_FOLDER } from './paths.ts';
import type { FileToPack } from './zip.ts';

/**
 * Bundles the `tally` command for a machine that has only Node. The program is one file, because each file
 * is a request to the bucket that it is read from. The migrations are beside it, where `tally migrate` reads
 * them.
 * @throws Error when esbuild fails.
 */
export const bundleCommands = async (): Promise<FileToPack[]> => {
  const migrations = MIGRATIONS.map(async (name) => ({
    name: join('cql', name),
    bytes: await readFile(join(PROJECT_FOLDER, 'shared/store/cql', name)),
  }));
  return [
    ...(await bundleModules({ entryPoint: 'cli/tally.ts', splitting: false })),
    ...(await Promise.all(migrations)),
  ];
};

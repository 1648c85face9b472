import { join } from 'node:path';
import type { DeployedFunction } from '../../shared/topology.ts';

export const PROJECT_FOLDER = join(import.meta.dirname, '../..');
export const DIST_FOLDER = join(PROJECT_FOLDER, 'dist');

/** The archive of a function, which `npm run build` writes. */
export const archivePath = (name: DeployedFunction): string => join(DIST_FOLDER, `${name}.zip`);

/** Programs that run on a public image of Node, from their files in a bucket. */
export type Program = 'commands' | 'worker';

/** The module that is started for each of them. */
export const PROGRAMS = {
  commands: 'cli/tally.ts',
  worker: 'functions/worker/index.ts',
} as const satisfies Record<Program, string>;

/** The folder of a program, which `npm run build` writes. */
export const programFolder = (name: Program): string => join(DIST_FOLDER, name);

import { join } from 'node:path';
import type { DeployedFunction } from '../../shared/topology.ts';

export const PROJECT_FOLDER = join(import.meta.dirname, '../..');
export const DIST_FOLDER = join(PROJECT_FOLDER, 'dist');

/** The archive of a function, which `npm run build` writes. */
export const archivePath = (name: DeployedFunction): string => join(DIST_FOLDER, `${name}.zip`);

/** The folder of Tally's commands, which `npm run build` writes. */
export const COMMAND_FOLDER = join(DIST_FOLDER, 'commands');

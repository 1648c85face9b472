import { join } from 'node:path';
import type { DeployedFunction } from '../../shared/topology.ts';

export const PROJECT_FOLDER = join(import.meta.dirname, '../..');
export const DIST_FOLDER = join(PROJECT_FOLDER, 'dist');

/** Where `npm run build` leaves what a function is deployed from. */
export const archivePath = (name: DeployedFunction): string => join(DIST_FOLDER, `${name}.zip`);

import { join } from 'node:path';
import type { DeployedFunction } from '../../shared/topology.ts';
import { bundleModules } from './bundleModules.ts';
import type { FileToPack } from './zip.ts';

/**
 * Bundles a function into files for one folder. The framework is not in the bundle, because the platform
 * starts it. Code that is imported lazily is in separate files, so a start does not load the log printer or
 * faker.
 * @throws Error when esbuild fails.
 */
export const bundleFunction = (name: DeployedFunction): Promise<FileToPack[]> =>
  bundleModules({ entryPoint: join('functions', name, 'index.ts'), splitting: true });

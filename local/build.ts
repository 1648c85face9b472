import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FUNCTIONS } from '../shared/topology.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..');
const DIST_FOLDER = join(PROJECT_FOLDER, 'dist');

/**
 * One bundle per function in `dist/<name>/index.mjs`. The framework stays outside, because two copies of it would have two
 * registries; the Pub/Sub client and the Cassandra driver stay outside because they load files of their own at run time.
 */
await rm(DIST_FOLDER, { recursive: true, force: true });
for (const name of FUNCTIONS) {
  const outfile = join(DIST_FOLDER, name, 'index.mjs');
  await build({
    entryPoints: [join(PROJECT_FOLDER, 'functions', name, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: true,
    packages: 'external',
    legalComments: 'none',
  });
  console.log(`dist/${name}/index.mjs`);
}

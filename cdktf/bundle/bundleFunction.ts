import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { DeployedFunction } from '../../shared/topology.ts';
import { PROJECT_FOLDER } from './paths.ts';
import type { FileToPack } from './zip.ts';

const PUBSUB = '@google-cloud/pubsub';
const PUBSUB_FILE = 'pubsub.cjs';

const COMMON = {
  absWorkingDir: PROJECT_FOLDER,
  bundle: true,
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  write: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * A function in one folder. The framework stays outside, because two copies of it would have two registries. What is imported
 * lazily is a file of its own, which is read when it is needed: a start pays for no printer and no faker.
 *
 * The Pub/Sub client does not run in an ECMAScript module (it asks for `require` and for files beside it), and the functions,
 * which await at their top level, run in nothing else. So it is a CommonJS file of its own, imported on the first publish.
 */
export const bundleFunction = async (name: DeployedFunction): Promise<FileToPack[]> => {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: [join('functions', name, 'index.ts')],
    outdir: join('dist', name),
    entryNames: 'index',
    chunkNames: 'chunk-[hash]',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
    sourcemap: true,
    // The positions are enough to read a stack; the sources are in the repository.
    sourcesContent: false,
    metafile: true,
    external: ['@google-cloud/functions-framework'],
    banner: { js: REQUIRE_FOR_COMMONJS },
    plugins: [pubsubApart],
  });
  const publishes = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ path }) => basename(path) === PUBSUB_FILE),
  );
  const bundles = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents }));
  return publishes ? [...bundles, await bundlePubSub()] : bundles;
};

/** The Cassandra driver and pino are CommonJS, and a module has no `require` for what they ask of Node. */
const REQUIRE_FOR_COMMONJS = [
  "import { createRequire as createRequireForBundle } from 'node:module';",
  'const require = createRequireForBundle(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join('\n');

const pubsubApart: Plugin = {
  name: 'pubsub-apart',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: new RegExp(`^${PUBSUB}$`) }, () => ({
      path: `./${PUBSUB_FILE}`,
      external: true,
    }));
  },
};

const bundlePubSub = async (): Promise<FileToPack> => {
  const { outputFiles } = await build({
    ...COMMON,
    // By name, so that a module can import it by name.
    stdin: { contents: `export { PubSub } from '${PUBSUB}';`, resolveDir: PROJECT_FOLDER },
    outfile: join('dist', PUBSUB_FILE),
    format: 'cjs',
    // Seven megabytes, most of them generated: what nobody reads may be small.
    minifyWhitespace: true,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made no bundle of the Pub/Sub client');
  return { name: PUBSUB_FILE, bytes: bundle.contents };
};

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
 * Bundles a function into files for one folder. The framework is not in the bundle, because two copies of it
 * would have two registries. Code that is imported lazily is in separate files that Node reads only when it
 * needs them. So a start does not load the log printer or faker.
 *
 * The functions must be ECMAScript modules, because they await at the top level. The Pub/Sub client does not
 * run in one, because it calls `require` and reads files beside it. So the client is a separate CommonJS
 * file, and the function imports it on the first publish.
 * @throws Error when esbuild fails.
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
    // Positions are enough to read a stack. The sources are in the repository.
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

/**
 * The Cassandra driver and pino are CommonJS and call `require`, which an ECMAScript module does not have.
 */
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
    // A named export, so that a module can import it by its name.
    stdin: { contents: `export { PubSub } from '${PUBSUB}';`, resolveDir: PROJECT_FOLDER },
    outfile: join('dist', PUBSUB_FILE),
    format: 'cjs',
    // The file has seven megabytes of mostly generated code. Nobody reads it, so it may be compact.
    minifyWhitespace: true,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made no bundle of the Pub/Sub client');
  return { name: PUBSUB_FILE, bytes: bundle.contents };
};

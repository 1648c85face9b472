import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import * as z from 'zod';
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

interface BundleOptions {
  /** The module that is started, relative to the project. In the bundle it is `index.mjs`. */
  readonly entryPoint: string;
  /** Whether code that is imported lazily is in separate files, which Node reads only when it needs them. */
  readonly splitting: boolean;
}

/**
 * Bundles a program into files for one folder.
 *
 * The programs must be ECMAScript modules, because they await at the top level. The Pub/Sub client does not
 * run in one, because it calls `require` and reads files beside it. So the client is a separate CommonJS
 * file, and a program imports it on the first publish.
 * @throws Error when esbuild fails.
 */
export const bundleModules = async ({ entryPoint, splitting }: BundleOptions): Promise<FileToPack[]> => {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: [entryPoint],
    // As deep as the folder that the files go to, so that source maps name the sources.
    outdir: 'dist/bundle',
    entryNames: 'index',
    chunkNames: 'chunk-[hash]',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting,
    sourcemap: true,
    // Positions are enough to read a stack. The sources are in the repository.
    sourcesContent: false,
    metafile: true,
    // Two copies of the framework would have two registries.
    external: ['@google-cloud/functions-framework'],
    banner: { js: REQUIRE_FOR_COMMONJS },
    // Not the commit: a bundle whose sources did not change must keep its hash.
    define: { BUNDLED_VERSION: JSON.stringify(await projectVersion()) },
    plugins: [pubsubApart],
  });
  const publishes = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ path }) => basename(path) === PUBSUB_FILE),
  );
  const bundles = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents }));
  return publishes ? [...bundles, await bundlePubSub()] : bundles;
};

const projectVersion = async (): Promise<string> => {
  const manifest = JSON.parse(await readFile(join(PROJECT_FOLDER, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
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
    // Named exports, so that a module can import them by their names.
    stdin: { contents: `export { Duration, PubSub } from '${PUBSUB}';`, resolveDir: PROJECT_FOLDER },
    outfile: PUBSUB_FILE,
    format: 'cjs',
    // The file has seven megabytes of mostly generated code. Nobody reads it, so it may be compact.
    minifyWhitespace: true,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made no bundle of the Pub/Sub client');
  return { name: PUBSUB_FILE, bytes: bundle.contents };
};

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER } from '../../cli/paths.ts';
import { openTemporaryFolder } from '../../local/openTemporaryFolder.ts';
import type { Progress } from '../../local/progress.ts';
import { type Installed, install, start, START_ENV } from '../deployedFunction.ts';
import { interleave } from '../measure/interleave.ts';
import { intervalOf, ratioOf } from '../measure/interval.ts';
import { atMost, format, formatInterval, type Result } from '../report/result.ts';
import type { Sizes } from '../sizes.ts';

/**
 * Says how long a module takes to load. The framework is loaded before that, because it is there either way.
 * A function would keep its process alive, so it is ended.
 */
const TIME_IMPORT = `
  import '@google-cloud/functions-framework';
  import { pathToFileURL } from 'node:url';
  const startedAt = performance.now();
  await import(pathToFileURL(process.argv[1]).href);
  console.log(performance.now() - startedAt);
  process.exit();
`;
const FUNCTION = 'onPayment';
/** What every function pays, however little it does. */
const EMPTY_FUNCTION = `
  import { http } from '@google-cloud/functions-framework';
  http('${FUNCTION}', (_request, response) => response.status(204).end());
`;

interface Start {
  readonly firstAnswerMs: number;
  readonly loadMs: number;
  readonly modules: number;
}

const mean = (there: Start, back: Start): Start => ({
  firstAnswerMs: (there.firstAnswerMs + back.firstAnswerMs) / 2,
  loadMs: (there.loadMs + back.loadMs) / 2,
  modules: back.modules,
});

/**
 * Installs what `starts` starts, in a folder that is gone when this process exits.
 * @throws UnableError as `install` does.
 */
export const installStarts = (progress: Progress): Promise<Installed> => {
  progress({ step: 'Cold start', detail: 'installing the archive' });
  return install(FUNCTION, join(openTemporaryFolder('starts').path, FUNCTION));
};

/**
 * How soon a new process of a function answers: from its bundle, with a compile cache, from its sources, and
 * beside it a function that does nothing.
 */
export const starts = async (installed: Installed, sizes: Sizes, progress: Progress): Promise<Result> => {
  const sources = join(PROJECT_FOLDER, 'functions', FUNCTION);
  const bundle = { source: '.', file: join(installed.folder, 'index.mjs') };
  const cache = { NODE_COMPILE_CACHE: join(installed.folder, '../compile-cache') };
  const places: Readonly<Record<string, Place>> = {
    bundle,
    'bundle, compile cache': { ...bundle, env: cache },
    sources: { source: sources, file: join(sources, 'index.ts') },
    'empty function': await writeEmptyFunction(installed.folder),
    'bundle again': bundle,
  };
  const contestants = Object.entries(places).map(([name, place]) => ({
    name,
    measure: () => measure(installed, place),
  }));
  progress({ step: 'Cold start', detail: 'from its bundle and from its sources, by turns' });
  await interleave(contestants, 1, mean);
  return report(await interleave(contestants, sizes.starts, mean), installed);
};

/** What is started, and the file that it loads. */
interface Place {
  readonly source: string;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** It is installed beside the bundle, so that it loads the same framework. */
const writeEmptyFunction = async (folder: string): Promise<Place> => {
  const source = 'empty';
  const file = join(folder, source, 'index.mjs');
  await mkdir(join(folder, source));
  await writeFile(file, EMPTY_FUNCTION);
  await writeFile(join(folder, source, 'package.json'), '{"main": "index.mjs"}');
  return { source, file };
};

const measure = async ({ folder }: Installed, { source, file, env }: Place): Promise<Start> => {
  const options = { folder, source, env: { ...START_ENV, ...env } };
  const timed = await start(FUNCTION, { ...options, recordsModules: false });
  await timed.stop();
  const recorded = await start(FUNCTION, { ...options, recordsModules: true });
  const modules = (await recorded.loaded()).length;
  await recorded.stop();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', TIME_IMPORT, file],
    { cwd: isAbsolute(source) ? PROJECT_FOLDER : folder, env: { ...options.env, PATH: process.env.PATH } },
  );
  return { firstAnswerMs: timed.firstAnswerMs, loadMs: Number(stdout), modules };
};

const report = (results: ReadonlyMap<string, readonly Start[]>, { archiveBytes }: Installed): Result => {
  const of = (name: string, valueOf: (start: Start) => number): number[] =>
    (results.get(name) ?? []).map(valueOf);
  const answer = ({ firstAnswerMs }: Start): number => firstAnswerMs;
  const load = ({ loadMs }: Start): number => loadMs;
  return {
    sections: [
      {
        title: 'Cold start',
        notes: [
          `\`${FUNCTION}\`, whose archive has ${format(archiveBytes / 1024)} kB. Milliseconds. The time to the first answer begins before the process is started.`,
        ],
        columns: ['', 'first answer', 'loading the module', 'modules loaded'],
        rows: ['bundle', 'bundle, compile cache', 'sources', 'empty function'].map((name) => [
          name,
          formatInterval(intervalOf(of(name, answer))),
          formatInterval(intervalOf(of(name, load))),
          format(intervalOf(of(name, ({ modules }) => modules)).value),
        ]),
      },
    ],
    targets: [
      atMost('bundled module load over unbundled', ratioOf(of('bundle', load), of('sources', load)), 0.5),
      atMost('first answer of the bundle, ms', intervalOf(of('bundle', answer)), 150),
    ],
    controls: [ratioOf(of('bundle', answer), of('bundle again', answer)).value],
  };
};

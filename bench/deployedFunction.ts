import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunction } from '../cdktf/bundle/bundleFunction.ts';
import { packageFiles } from '../cdktf/bundle/packageFiles.ts';
import { PROJECT_FOLDER } from '../cdktf/bundle/paths.ts';
import { zip } from '../cdktf/bundle/zip.ts';
import { UnableError } from '../cli/unableError.ts';
import { startChildProcess } from '../local/startChildProcess.ts';
import { findFreePort } from '../local/ports.ts';
import type { DeployedFunction } from '../shared/topology.ts';

const run = promisify(execFile);
const RECORD_MODULES = pathToFileURL(join(import.meta.dirname, 'recordModules.ts')).href;
const FRAMEWORK = 'node_modules/@google-cloud/functions-framework/build/src/main.js';
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 9_000;
const LOOK_EVERY_MS = 5;

/** Enough to start with; a function connects to nothing before its first message. */
export const START_ENV = {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:9042',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
  METADATA_SERVER_DETECTION: 'none',
};

export interface Installed {
  readonly folder: string;
  readonly archiveBytes: number;
}

/**
 * Builds a function's archive, puts its files into an empty folder, and installs the packages of its
 * package.json.
 * @throws UnableError when npm cannot install them.
 */
export const install = async (name: DeployedFunction, folder: string): Promise<Installed> => {
  const files = [...(await bundleFunction(name)), ...(await packageFiles(name))];
  await mkdir(folder);
  for (const file of files) await writeFile(join(folder, file.name), file.bytes);
  await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
  }).catch((error: unknown) => {
    const needs = 'npm, and its registry or what its cache has of it';
    throw new UnableError(`the packages of ${name} cannot be installed, which needs ${needs}`, {
      cause: error,
    });
  });
  return { folder, archiveBytes: zip(files).byteLength };
};

export interface Started {
  readonly url: string;
  /** The time from the start of the process to its first answer of any kind. */
  readonly firstAnswerMs: number;
  /** The files that the process has loaded so far, if they are recorded. */
  readonly loaded: () => Promise<readonly string[]>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

interface StartOptions {
  /** Where its archive is installed. */
  readonly folder: string;
  /** Its code: a path in `folder`, or the absolute path of sources of the project. */
  readonly source: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it records the modules that it loads. That takes time, so what is timed leaves it out. */
  readonly recordsModules: boolean;
}

/** Starts a function as the platform does, with the Functions Framework beside its code. */
export const start = async (
  name: DeployedFunction,
  { folder, source, env, recordsModules }: StartOptions,
): Promise<Started> => {
  const port = await findFreePort();
  const home = isAbsolute(source) ? PROJECT_FOLDER : folder;
  const logFile = `${folder}-${port}.log`;
  const modulesFile = `${folder}-${port}.modules`;
  await writeFile(modulesFile, '');
  const startedAt = performance.now();
  let firstAnswerMs = 0;
  const child = await startChildProcess({
    name,
    command: process.execPath,
    args: [...(recordsModules ? [`--import=${RECORD_MODULES}`] : []), join(home, FRAMEWORK)],
    cwd: home,
    env: {
      ...env,
      FUNCTION_TARGET: name,
      FUNCTION_SOURCE: source,
      PORT: String(port),
      NODE_ENV: 'production',
      MODULES_FILE: modulesFile,
    },
    logFile,
    isReady: {
      wait: async (signal) => {
        while (!(await answers(port))) await delay(LOOK_EVERY_MS, undefined, { signal });
        firstAnswerMs = performance.now() - startedAt;
      },
    },
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    firstAnswerMs,
    loaded: async () => (await readFile(modulesFile, 'utf8')).split('\n').filter((line) => line !== ''),
    log: () => readFile(logFile, 'utf8'),
    stop: child.stop,
  };
};

const answers = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  request({ port, host: '127.0.0.1', method: 'GET', path: '/' }, (response) => {
    text(response).then(
      () => resolve(true),
      () => resolve(false),
    );
  })
    .once('error', () => resolve(false))
    .end();
  return promise;
};

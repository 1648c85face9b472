import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STATE_FOLDER } from '../../cli/paths.ts';
import type { Progress } from '../../local/progress.ts';

const run = promisify(execFile);
const FOLDER = join(STATE_FOLDER, 'bench-reference');
const PYTHON = join(FOLDER, 'bin/python');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const INSTALL_TIMEOUT_MS = 180_000;
const VERSIONS =
  'import sys, importlib.metadata as m; import google.cloud.pubsub_v1, cassandra.cluster; ' +
  'print("Python", sys.version.split()[0], "with google-cloud-pubsub", m.version("google-cloud-pubsub"), ' +
  '"and cassandra-driver", m.version("cassandra-driver"))';

/** The Python that runs the reference's consumer, or why there is none. */
export type Python = { readonly command: string; readonly versions: string } | { readonly missing: string };

/**
 * Makes a virtual environment with Google's client and the Cassandra driver, once. Where that is not possible
 * the bench goes on without, with the consumer in TypeScript.
 */
export const findPython = async (progress: Progress): Promise<Python> => {
  try {
    if (!existsSync(PYTHON)) await run('python3', ['-m', 'venv', FOLDER], { timeout: INSTALL_TIMEOUT_MS });
    const known = await versionsOf().catch(() => undefined);
    if (known !== undefined) return { command: PYTHON, versions: known };
    progress({ step: 'The reference’s consumer', detail: 'installing Google’s client for Python, once' });
    await run(PYTHON, ['-m', 'pip', 'install', '-q', '-r', REQUIREMENTS], { timeout: INSTALL_TIMEOUT_MS });
    return { command: PYTHON, versions: await versionsOf() };
  } catch (error) {
    return { missing: `no Python with Google’s client: ${String(error).split('\n')[0]}` };
  }
};

const versionsOf = async (): Promise<string> => (await run(PYTHON, ['-c', VERSIONS])).stdout.trim();

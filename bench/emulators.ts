import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LOG_FOLDER } from '../cli/paths.ts';
import { startChildProcess } from '../local/startChildProcess.ts';
import { findJava } from '../local/findPrograms.ts';
import { findFreePort } from '../local/ports.ts';
import { findEmulatorJar } from '../local/pubsub/findEmulatorJar.ts';
import { startGoogleEmulator } from '../local/pubsub/startGoogleEmulator.ts';
import type { Environment } from '../shared/config.ts';
import { childPid } from './processes.ts';

export const BENCH_LOG_FOLDER = join(LOG_FOLDER, 'bench');
const PROJECT_FOLDER = join(import.meta.dirname, '..');
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

export type EmulatorName = 'ours' | 'google';

/** A running Pub/Sub emulator that is measured. It is a separate process. */
export interface Emulator {
  readonly name: EmulatorName;
  /** `host:port`. */
  readonly address: string;
  readonly pid: number;
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

/** An emulator that can be started. Each start is a new process. */
export interface EmulatorKind {
  readonly name: EmulatorName;
  /** Tells the report the version, and the runtime below it. */
  readonly label: string;
  readonly start: () => Promise<Emulator>;
}

export const OURS: EmulatorKind = {
  name: 'ours',
  label: `tally pubsub on Node ${process.versions.node}`,
  start: async () => {
    const port = await findFreePort();
    const child = await startChildProcess({
      name: 'tally pubsub',
      command: process.execPath,
      args: [join('cli', 'tally.ts'), 'pubsub', '--port', String(port), '--json'],
      cwd: PROJECT_FOLDER,
      env: {},
      logFile: join(BENCH_LOG_FOLDER, 'ours.log'),
      isReady: (line) => line.startsWith('{"event":"ready"'),
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopTimeoutMs: STOP_TIMEOUT_MS,
    });
    return { name: 'ours', address: `127.0.0.1:${port}`, ...child };
  },
};

/** Finds Google's emulator in the Cloud SDK of this machine, or says what is missing. */
export const findGoogle = async (
  env: Environment,
): Promise<{ readonly found: EmulatorKind } | { readonly missing: string }> => {
  const jar = findEmulatorJar(env);
  if (jar === undefined) {
    return {
      missing: 'no Pub/Sub emulator in a Cloud SDK (install it: gcloud components install pubsub-emulator)',
    };
  }
  const java = await findJava(env);
  if ('missing' in java) return java;
  const { command, major } = java.found;
  return {
    found: {
      name: 'google',
      label: `${basename(jar, '.jar')} on Java ${major}`,
      start: () => startGoogle(jar, command),
    },
  };
};

const startGoogle = async (jar: string, java: string): Promise<Emulator> => {
  const port = await findFreePort();
  const logFolder = join(BENCH_LOG_FOLDER, 'google');
  await mkdir(logFolder, { recursive: true });
  const part = await startGoogleEmulator({ jar, java, port, logFolder, why: 'measured' });
  try {
    return { ...part, name: 'google', pid: await childPid(`--port=${port}`) };
  } catch (error) {
    await part.stop();
    throw error;
  }
};

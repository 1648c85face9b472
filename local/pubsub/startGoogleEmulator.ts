import { join } from 'node:path';
import { startChildProcess } from '../startChildProcess.ts';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree } from '../ports.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

interface GoogleEmulatorOptions {
  readonly jar: string;
  readonly java: string;
  readonly port: number;
  readonly logFolder: string;
  readonly why: string;
}

/** Starts Google's emulator from an installed Cloud SDK. It is up in about a second, and keeps no state. */
export const startGoogleEmulator = async (options: GoogleEmulatorOptions): Promise<LocalPart> => {
  const { jar, java, port, logFolder, why } = options;
  await assertPortFree(port, 'Pub/Sub', '--pubsub-port');
  const child = await startChildProcess({
    name: 'Pub/Sub',
    command: java,
    args: ['-jar', jar, '--host=127.0.0.1', `--port=${port}`],
    cwd: logFolder,
    env: {},
    logFile: join(logFolder, 'pubsub.log'),
    isReady: (line) => line.includes('Server started, listening on'),
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  const address = `127.0.0.1:${port}`;
  return {
    name: 'Pub/Sub',
    kind: 'google',
    address,
    why,
    keepsState: false,
    env: { PUBSUB_EMULATOR_HOST: address },
    died: child.died,
    stop: child.stop,
  };
};

import { join } from 'node:path';
import { z } from 'zod';
import { startChildProcess } from '../local/startChildProcess.ts';
import { BENCH_LOG_FOLDER } from './emulators.ts';

const PUSH_HANDLER = join(import.meta.dirname, 'pushHandler.ts');
const READY_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 1_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** What a subscription's endpoint has received so far. */
export type Arrivals = z.output<typeof arrivalsSchema>;
const arrivalsSchema = z.object({
  pushes: z.number(),
  /** Message ids. */
  distinct: z.number(),
  /** When the last message that had not come before came, on the monotonic clock. */
  lastNewAtMs: z.number(),
  /** From publish to push, of each message that carries when it was published. */
  latenciesMs: z.array(z.number()),
});

const readySchema = z.object({ event: z.literal('ready'), port: z.number() });

/** The push endpoint's process. */
export interface PushHandler {
  readonly endpoint: (subscription: string, delayMs: number) => string;
  readonly arrivals: (subscription: string) => Promise<Arrivals>;
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

export const startPushHandler = async (): Promise<PushHandler> => {
  let address = '';
  const { died, stop } = await startChildProcess({
    name: 'push handler',
    command: process.execPath,
    args: [PUSH_HANDLER],
    cwd: import.meta.dirname,
    env: {},
    logFile: join(BENCH_LOG_FOLDER, 'pushHandler.log'),
    isReady: (line) => {
      if (!line.startsWith('{"event":"ready"')) return false;
      address = `http://127.0.0.1:${readySchema.parse(JSON.parse(line)).port}`;
      return true;
    },
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return {
    endpoint: (subscription, delayMs) => `${address}/${delayMs}/${subscription}`,
    arrivals: async (subscription) => {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const response = await fetch(`${address}/${subscription}`, { signal });
      return arrivalsSchema.parse(await response.json());
    },
    died,
    stop,
  };
};

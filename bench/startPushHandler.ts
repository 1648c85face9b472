import { join } from 'node:path';
import * as z from 'zod';
import { startChildProcess } from '../local/startChildProcess.ts';
import { BENCH_LOG_FOLDER } from './emulators.ts';

const PUSH_HANDLER = join(import.meta.dirname, 'pushHandler.ts');
const READY_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 1_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** What the endpoint of a subscription has received so far. */
export type Arrivals = z.output<typeof arrivalsSchema>;
const arrivalsSchema = z.object({
  pushes: z.number(),
  /** The number of different message ids. */
  distinct: z.number(),
  /** When the last message came that had not come before, on the monotonic clock. */
  lastNewAtMs: z.number(),
  /** The time from publish to push, for each message that carries its time of publish. */
  latenciesMs: z.array(z.number()),
});

const readySchema = z.object({ event: z.literal('ready'), port: z.number() });

/** The process that receives the pushes. */
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

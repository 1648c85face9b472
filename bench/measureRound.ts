import type { Progress } from '../local/progress.ts';
import type { Emulator, EmulatorKind, EmulatorName } from './emulators.ts';
import type { PushHandler } from './startPushHandler.ts';
import { type Latency, measureLatency } from './measureLatency.ts';
import { type Memory, measureMemory } from './measureMemory.ts';
import { measureThroughput, type Throughput } from './measureThroughput.ts';

export const SLOW_HANDLER_MS = 20;
/**
 * The emulators get different numbers of messages, so that both reach their full speed. Google's needs about
 * 10 s for its 1,000 messages at the slow handler. Ours would send so few while it is still in its slow
 * start: with 1,000 messages each, the ratio was 18 in a new process and 34 to 39 after that.
 */
export const MESSAGES = {
  ours: { slowHandler: 10_000, fastHandler: 10_000, latency: 500, memory: 100_000 },
  google: { slowHandler: 1_000, fastHandler: 5_000, latency: 500, memory: 100_000 },
} as const satisfies Record<EmulatorName, Record<keyof Round, number>>;

/** What one emulator did in one round. */
export interface Round {
  readonly slowHandler: Throughput;
  readonly fastHandler: Throughput;
  readonly latency: Latency;
  readonly memory: Memory;
}

export interface Contestant {
  readonly kind: EmulatorKind;
  /** It runs for all rounds. While it is idle it costs the other nothing, and its code stays compiled. */
  readonly emulator: Emulator;
}

/**
 * Measures one emulator once.
 * @throws Error when the emulator or the handler dies.
 */
export const measureRound = async (
  { kind, emulator }: Contestant,
  handler: PushHandler,
  progress: Progress,
): Promise<Round> => {
  const messages = MESSAGES[kind.name];
  const common = { emulator, handler, progress };
  const measure = async (): Promise<Round> => ({
    slowHandler: await measureThroughput({
      ...common,
      messages: messages.slowHandler,
      delayMs: SLOW_HANDLER_MS,
    }),
    fastHandler: await measureThroughput({ ...common, messages: messages.fastHandler, delayMs: 0 }),
    latency: await measureLatency({ ...common, messages: messages.latency }),
    memory: await measureMemory(kind, messages.memory, progress),
  });
  return Promise.race([measure(), emulator.died, handler.died]);
};

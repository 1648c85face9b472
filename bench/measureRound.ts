import type { Progress } from '../local/progress.ts';
import type { Emulator, EmulatorKind, EmulatorName } from './emulators.ts';
import type { PushHandler } from './handler.ts';
import { type Latency, measureLatency } from './measureLatency.ts';
import { type Memory, measureMemory } from './measureMemory.ts';
import { measureThroughput, type Throughput } from './measureThroughput.ts';

export const SLOW_HANDLER_MS = 20;
/**
 * Google's takes about 10 s for its messages at the slow handler; ours would be done with as few in its slow start. So
 * the ratio is one of sustained speeds: with 1,000 messages each it was 18 in a new process and 34 to 39 after that.
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
  /** It stays for all rounds: idle, it costs the others nothing, and its just-in-time compiler keeps what it learned. */
  readonly emulator: Emulator;
}

/** @throws Error when the emulator or the handler dies. */
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
